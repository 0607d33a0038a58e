import { useState } from 'react';
import type { BundleRequest, PullServer } from '../../../../preload/contract/index.ts';
import { api } from '../../../api/client.ts';
import type { Zone } from '../../../ui/format.ts';
import { everything, requestOf, type Wanted } from './bundle-view.ts';
import { noServers, serversOf } from './pull-view.ts';
import { ServersFields } from './servers-fields.tsx';
import { TakeDialog } from './take-dialog.tsx';
import { useExport } from './use-export.ts';
import { WantedForm } from './wanted-form.tsx';

interface PullDialogProps {
  /** With whose tasks the work is shown; it is not touched. */
  stack: string;
  zone: Zone;
  onClose: () => void;
}

interface Asked {
  readonly servers: PullServer[];
  readonly request: BundleRequest;
}

/** A bundle straight from other servers. What they are reached by is gone with the dialog. */
export function PullDialog({ stack, zone, onClose }: PullDialogProps) {
  const taking = useExport(({ servers, request }: Asked) => api.bundles.pull({ stack, servers, ...request }));
  const [typed, setTyped] = useState(noServers);
  const [wanted, setWanted] = useState<Wanted>({ ...everything, what: 'reached' });
  const servers = serversOf(typed);
  const request = requestOf(wanted);
  return (
    <TakeDialog
      title="Pull a bundle from other servers"
      name="pulled.noodle"
      zone={zone}
      taking={taking}
      onClose={onClose}
      form={(problem) => (
        <WantedForm
          intro="A production issue as one file: these servers are only read, and statements have a time-out. Connection strings are used for this and kept nowhere. First you see what the file would hold."
          wanted={wanted}
          problem={problem}
          onChange={setWanted}
          onLook={servers && request && (() => void taking.look({ servers, request }))}
          onClose={onClose}
        >
          <ServersFields servers={typed} onChange={setTyped} />
        </WantedForm>
      )}
    />
  );
}

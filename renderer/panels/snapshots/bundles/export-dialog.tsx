import { useState } from 'react';
import type { BundleRequest } from '../../../../preload/contract/index.ts';
import { api } from '../../../api/client.ts';
import type { Zone } from '../../../ui/format.ts';
import { everything, requestOf } from './bundle-view.ts';
import { TakeDialog } from './take-dialog.tsx';
import { useExport } from './use-export.ts';
import { WantedForm } from './wanted-form.tsx';

interface ExportDialogProps {
  stack: string;
  zone: Zone;
  onClose: () => void;
}

/** A bundle of the stack at hand. */
export function ExportDialog({ stack, zone, onClose }: ExportDialogProps) {
  const taking = useExport((request: BundleRequest) => api.bundles.plan({ stack, ...request }));
  const [wanted, setWanted] = useState(everything);
  const request = requestOf(wanted);
  return (
    <TakeDialog
      title={`Export a bundle of ${stack}`}
      name={`${stack}.noodle`}
      zone={zone}
      taking={taking}
      onClose={onClose}
      form={(problem) => (
        <WantedForm
          intro="The moment a bug happened, as one file: whoever gets it makes a new stack of it, on any machine. Services that do not run are left out. First you see what it would hold."
          wanted={wanted}
          problem={problem}
          onChange={setWanted}
          onLook={request && (() => void taking.look(request))}
          onClose={onClose}
        />
      )}
    />
  );
}

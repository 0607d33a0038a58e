import { Button, Group, Modal } from '@mantine/core';
import { IconCircleCheck } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import type { BundleAbout, BundleFile, BundleLock, ProblemData } from '../../../../preload/contract/index.ts';
import { fetchFile } from '../../../api/files.ts';
import { bytes, type Zone } from '../../../ui/format.ts';
import { ProblemBox } from '../../../ui/problem.tsx';
import { Lock } from '../fields.tsx';
import { type LockWanted, lockOf, unlocked } from '../lock.ts';
import { lockWords } from '../snapshot-view.ts';
import { TaskProgress } from '../task-progress.tsx';
import css from './bundles.module.css';
import { Contents } from './contents.tsx';
import { Stage } from './stage.tsx';
import type { Taking } from './use-export.ts';

interface TakeDialogProps {
  title: string;
  /** What the file is called. */
  name: string;
  zone: Zone;
  taking: Taking<never>;
  /** Asks what is wanted. @param problem why what was asked for could not be gathered */
  form: (problem: ProblemData | null) => ReactNode;
  onClose: () => void;
}

/** What is wanted, what that would be, how it is locked, and the file. Closing it at any time leaves nothing. */
export function TakeDialog({ title, name, zone, taking: { stage, write, back }, form, onClose }: TakeDialogProps) {
  const [locking, setLocking] = useState(unlocked);
  const working = stage.kind === 'looking' || stage.kind === 'writing';
  return (
    // A click beside it must not throw away what took a while.
    <Modal opened onClose={onClose} title={title} size="xl" closeOnClickOutside={!working && stage.kind !== 'seen'}>
      <Stage key={stage.kind}>
        {stage.kind === 'asking' ? form(stage.problem) : null}
        {working ? <TaskProgress key={stage.task.id} task={stage.task} /> : null}
        {stage.kind === 'seen' ? (
          <Seen
            about={stage.about}
            problem={stage.problem}
            zone={zone}
            locking={locking}
            onLocking={setLocking}
            onBack={back}
            onWrite={(lock) => void write(stage.plan, stage.about, lock)}
          />
        ) : null}
        {stage.kind === 'done' ? <Done name={name} file={stage.file} written={stage.written} onClose={onClose} /> : null}
      </Stage>
    </Modal>
  );
}

interface SeenProps {
  about: BundleAbout;
  problem: ProblemData | null;
  zone: Zone;
  locking: LockWanted;
  onLocking: (locking: LockWanted) => void;
  onBack: () => void;
  onWrite: (lock: BundleLock) => void;
}

/** What the file will hold, before there is one. */
function Seen({ about, problem, zone, locking, onLocking, onBack, onWrite }: SeenProps) {
  const lock = lockOf(locking);
  return (
    <form
      className={css.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (lock) onWrite(lock);
      }}
    >
      {problem === null ? null : <ProblemBox problem={problem} />}
      <Contents about={about} zone={zone} />
      <Lock value={locking} onChange={onLocking} />
      {locking.kind === 'none' ? <p className="dim">Whoever has the file can read it.</p> : null}
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onBack}>
          Back
        </Button>
        <Button type="submit" disabled={lock === null}>
          Export
        </Button>
      </Group>
    </form>
  );
}

function Done({ name, file, written, onClose }: { name: string; file: string; written: BundleFile; onClose: () => void }) {
  return (
    <div className={css.form} role="status">
      <p className={css.done}>
        <IconCircleCheck size={16} aria-hidden />
        <span>
          <b className="mono">{name}</b> is written: {bytes(written.bytes)}, encrypted: {lockWords[written.encryption]}.
        </span>
      </p>
      <p>It was handed over as a download: it lies where your downloads go, or where you chose. For an hour it can be saved again.</p>
      <p className="dim">Whoever gets it opens it under Snapshots, Bundles, Open a bundle…</p>
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={() => fetchFile(file)}>
          Save again
        </Button>
        <Button onClick={onClose} data-autofocus>
          Close
        </Button>
      </Group>
    </div>
  );
}

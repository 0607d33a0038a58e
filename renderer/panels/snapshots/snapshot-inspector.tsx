import { Button, Group } from '@mantine/core';
import { IconFlame, IconGitBranch, IconGitCompare, IconHistory, IconShieldCheck, IconTrash, IconX } from '@tabler/icons-react';
import { type Snapshot, type SnapshotEntry, type SnapshotHot, type SnapshotRehearsed, spaceOf } from '../../../preload/contract/index.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Facts } from '../../ui/facts.tsx';
import { bytes, count, dateTime, duration, plural, type Zone } from '../../ui/format.ts';
import { PaneHead } from '../../ui/toolbar.tsx';
import { askBranch, askDelete, askRestore } from './dialogs.tsx';
import { sizeOf, whyTaken } from './snapshot-view.ts';
import css from './snapshots.module.css';
import type { SnapshotActs } from './use-snapshots.ts';

interface SnapshotInspectorProps {
  entry: SnapshotEntry;
  zone: Zone;
  busy: boolean;
  acts: SnapshotActs;
  onCompare: () => void;
  onClose: () => void;
}

export function SnapshotInspector({ entry, zone, busy, acts, onCompare, onClose }: SnapshotInspectorProps) {
  const snapshot = entry.state === 'whole' ? entry.snapshot : null;
  return (
    <>
      <PaneHead title={snapshot?.name ?? entry.id}>
        <Button variant="subtle" color="gray" h={24} px={4} aria-label="Close" onClick={onClose}>
          <IconX size={15} aria-hidden />
        </Button>
      </PaneHead>
      <div className={css.inspector}>
        <Group gap="xs">
          {snapshot === null ? null : (
            <>
              <Button leftSection={<IconHistory size={15} aria-hidden />} disabled={busy} onClick={() => askRestore(snapshot, zone, acts)}>
                Restore…
              </Button>
              <Button
                variant="default"
                leftSection={<IconGitBranch size={15} aria-hidden />}
                disabled={busy}
                onClick={() => askBranch(snapshot, acts)}
              >
                Open beside…
              </Button>
              <Button variant="default" leftSection={<IconGitCompare size={15} aria-hidden />} onClick={onCompare}>
                Compare…
              </Button>
              <Button
                variant="default"
                leftSection={<IconShieldCheck size={15} aria-hidden />}
                disabled={busy}
                onClick={() => acts.verify(entry.id)}
              >
                Verify
              </Button>
              {entry.state === 'whole' ? (
                <Button
                  variant="default"
                  leftSection={<IconFlame size={15} aria-hidden />}
                  disabled={busy}
                  onClick={() => acts.hot(entry.id, entry.hot === null)}
                >
                  {entry.hot === null ? 'Make hot' : 'Make ordinary'}
                </Button>
              ) : null}
            </>
          )}
          <Button
            variant="default"
            leftSection={<IconTrash size={15} aria-hidden />}
            disabled={busy}
            onClick={() => askDelete(entry, acts)}
          >
            Delete…
          </Button>
        </Group>
        {entry.state === 'whole' ? (
          <Content snapshot={entry.snapshot} hot={entry.hot} rehearsed={entry.rehearsed} zone={zone} />
        ) : (
          <p className={css.broken}>{entry.why}</p>
        )}
      </div>
    </>
  );
}

interface ContentProps {
  snapshot: Snapshot;
  hot: SnapshotHot | null;
  rehearsed: SnapshotRehearsed | null;
  zone: Zone;
}

function Content({ snapshot, hot, rehearsed, zone }: ContentProps) {
  const { least, most } = spaceOf(snapshot, hot);
  const { id, note, createdAt, countedAt, pause, copying, runtime } = snapshot;
  return (
    <>
      {note === null ? null : <p className={css.note}>{note}</p>}
      <Facts
        rows={[
          [
            'Id',
            <span key="id" className={css.id}>
              <span className="mono">{id}</span>
              <CopyButton text={id} label="Copy the id" />
            </span>,
          ],
          ['Taken', dateTime(createdAt, zone)],
          ['Why', whyTaken(snapshot)],
          ['Runtime', runtime],
          ['Size', bytes(sizeOf(snapshot))],
          ['Deleting frees', least === most ? bytes(most) : `${bytes(least)} to ${bytes(most)}; the rest is shared with other data`],
          ...(hot === null
            ? []
            : [['Hot', hot.state === 'ready' ? `a ready copy of ${bytes(hot.bytes)}` : 'the ready copy is to be made'] as const]),
          [
            'Opened',
            rehearsed === null
              ? 'by no server yet: the first restore tries it beside the stack'
              : `by its servers, ${dateTime(rehearsed.at, zone)}`,
          ],
          ['Pause', pause === null ? 'none: nothing ran' : `${duration(pause)}, of which ${duration(copying)} copying`],
        ]}
      />
      <h3 className={css.heading}>Stores</h3>
      <p className="dim">{countedAt === null ? 'No store answered, so nothing was counted.' : 'Counted just before the pause.'}</p>
      {snapshot.services.map(({ service, version, image, ran, store }) => (
        <section key={service} className={css.service}>
          <div className={css.serviceHead}>
            <b>{service}</b>
            <span className="dim cut">
              {version ?? image}
              {ran ? '' : ' · did not run'}
            </span>
          </div>
          {store?.counts.map(({ name, rows }) => (
            <div key={name} className={css.count}>
              <span className="mono cut">{name}</span>
              <span className="num">{count(rows)}</span>
            </div>
          ))}
        </section>
      ))}
      <h3 className={css.heading}>Volumes</h3>
      {snapshot.volumes.map(({ key, files, bytes: size }) => (
        <div key={key} className={css.count}>
          <span className="mono cut">{key}</span>
          <span className="num">
            {plural(files, 'file')}, {bytes(size)}
          </span>
        </div>
      ))}
    </>
  );
}

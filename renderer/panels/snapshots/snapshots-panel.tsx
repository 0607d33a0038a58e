import { Button, Menu, SegmentedControl } from '@mantine/core';
import {
  IconArchive,
  IconCamera,
  IconChevronDown,
  IconDatabase,
  IconPackage,
  IconPackageExport,
  IconPackageImport,
  IconServer,
} from '@tabler/icons-react';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import { type PitrState, type SnapshotEntry, spaceOf } from '../../../preload/contract/index.ts';
import { problemOf } from '../../api/client.ts';
import { useSettings } from '../../api/settings.ts';
import { useStack } from '../../api/stack.tsx';
import { useTasks } from '../../api/tasks.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { bytes, plural, type Zone } from '../../ui/format.ts';
import { Panes } from '../../ui/panes.tsx';
import { ProblemBox } from '../../ui/problem.tsx';
import { Spring, Toolbar } from '../../ui/toolbar.tsx';
import { useAfter, useNow } from '../../ui/use-now.ts';
import { askBackup } from './backup-dialogs.tsx';
import { BackupInspector, BaseInspector } from './backup-inspector.tsx';
import { ExportDialog } from './bundles/export-dialog.tsx';
import { OpenDialog } from './bundles/open-dialog.tsx';
import { PullDialog } from './bundles/pull-dialog.tsx';
import { useImport } from './bundles/use-import.tsx';
import { CompareDialog } from './compare.tsx';
import { askCreate } from './dialogs.tsx';
import { MomentRow } from './moment-row.tsx';
import { lineOf, type Moment, momentsOf } from './moments.ts';
import { SnapshotProgress } from './progress.tsx';
import { askRecovery } from './recovery.tsx';
import { askRetention } from './retention.tsx';
import { ScheduleList } from './schedule.tsx';
import { SnapshotInspector } from './snapshot-inspector.tsx';
import css from './snapshots.module.css';
import { TimeLine } from './time-line.tsx';
import { type BackupActs, useBackupActs, useBackups } from './use-backups.ts';
import { useSnapshotActs, useSnapshots } from './use-snapshots.ts';

type Shown = 'all' | 'snapshot' | 'backup';

/** The moments that the stack can be taken back to: snapshots, backups and what the schedule makes of them. */
export function SnapshotsPanel() {
  const navigate = useNavigate();
  const { id } = useSearch({ from: '/snapshots' });
  const zone = useSettings()?.times ?? 'local';
  const now = useNow(15_000);
  const [shown, setShown] = useState<Shown>('all');
  const [dialog, setDialog] = useState<'compare' | 'export' | 'pull' | 'open' | null>(null);
  const makeStack = useImport();
  const list = useSnapshots();
  const { backups, schedule, pitr } = useBackups();
  const acts = useSnapshotActs();
  const backupActs = useBackupActs();
  const { current } = useTasks();
  const { stack, view } = useStack();
  const runtime = view.kind === 'ready' ? view.status.runtime.kind : 'docker';
  const busy = current?.summary.state === 'running' && current.view.result === null;
  const choose = (chosen: string | undefined) => void navigate({ to: '/snapshots', search: chosen === undefined ? {} : { id: chosen } });

  const entries = list.data ?? [];
  const state = pitr.isError ? undefined : pitr.data;
  const moments = momentsOf(entries, backups.data ?? [], state?.backups ?? []);
  const listed = moments.filter(({ kind }) => shown === 'all' || (shown === 'snapshot' ? kind === 'snapshot' : kind !== 'snapshot'));
  const selected = moments.find((moment) => moment.id === id);
  const line = lineOf(moments, state?.windows ?? [], schedule.data?.entries ?? [], now);
  const close = () => choose(undefined);
  // The menu's item that opened it is gone when the dialog goes: its button takes the focus.
  const bundles = useRef<HTMLButtonElement>(null);
  const closeBundle = () => {
    setDialog(null);
    requestAnimationFrame(() => bundles.current?.focus());
  };

  const inspector = (moment: Moment) => {
    switch (moment.kind) {
      case 'snapshot':
        return (
          <SnapshotInspector
            entry={moment.entry}
            zone={zone}
            busy={busy}
            acts={acts}
            onCompare={() => setDialog('compare')}
            onClose={close}
          />
        );
      case 'backup':
        return <BackupInspector entry={moment.entry} zone={zone} busy={busy} acts={backupActs} onClose={close} />;
      case 'base':
        return <BaseInspector backup={moment.backup} state={state!} zone={zone} busy={busy} acts={backupActs} onClose={close} />;
    }
  };

  return (
    <Panes id="snapshots" inspector={selected ? inspector(selected) : null}>
      {dialog === 'compare' && selected?.kind === 'snapshot' && selected.entry.state === 'whole' ? (
        <CompareDialog stack={stack} snapshot={selected.entry.snapshot} entries={entries} zone={zone} onClose={() => setDialog(null)} />
      ) : null}
      {dialog === 'export' ? <ExportDialog stack={stack} zone={zone} onClose={closeBundle} /> : null}
      {dialog === 'pull' ? <PullDialog stack={stack} zone={zone} onClose={closeBundle} /> : null}
      {dialog === 'open' ? <OpenDialog runtime={runtime} zone={zone} onImport={makeStack} onClose={closeBundle} /> : null}
      <Toolbar label="Snapshots">
        <Button leftSection={<IconCamera size={15} aria-hidden />} disabled={busy} onClick={() => askCreate(acts)}>
          Take a snapshot…
        </Button>
        <Button variant="default" leftSection={<IconArchive size={15} aria-hidden />} disabled={busy} onClick={() => askBackup(backupActs)}>
          Make a backup…
        </Button>
        {state === undefined ? null : <PostgresButton state={state} zone={zone} busy={busy} acts={backupActs} />}
        <Menu position="bottom-start">
          <Menu.Target>
            <Button
              ref={bundles}
              variant="default"
              leftSection={<IconPackage size={15} aria-hidden />}
              rightSection={<IconChevronDown size={14} aria-hidden />}
            >
              Bundles
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item leftSection={<IconPackageExport size={15} aria-hidden />} disabled={busy} onClick={() => setDialog('export')}>
              Export a bundle…
            </Menu.Item>
            <Menu.Item leftSection={<IconServer size={15} aria-hidden />} disabled={busy} onClick={() => setDialog('pull')}>
              Pull from other servers…
            </Menu.Item>
            <Menu.Item leftSection={<IconPackageImport size={15} aria-hidden />} disabled={busy} onClick={() => setDialog('open')}>
              Open a bundle…
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
        <Button variant="default" onClick={() => askRetention(stack)}>
          Which stay…
        </Button>
        <SegmentedControl
          size="xs"
          aria-label="What is listed"
          data={[
            { value: 'all', label: 'All' },
            { value: 'snapshot', label: 'Snapshots' },
            { value: 'backup', label: 'Backups' },
          ]}
          value={shown}
          onChange={(value) => setShown(value as Shown)}
        />
        <Spring />
        <span className="dim num" role="status">
          {list.data === undefined ? '' : totals(entries, backups.data?.length ?? 0)}
        </span>
      </Toolbar>
      <div className={css.body}>
        <SnapshotProgress />
        {list.isError ? (
          <ProblemBox problem={problemOf(list.error)}>
            <Button variant="default" onClick={() => void list.refetch()}>
              Try again
            </Button>
          </ProblemBox>
        ) : null}
        {backups.isError ? <ProblemBox problem={problemOf(backups.error)} /> : null}
        {list.isPending ? <Waiting /> : null}
        {list.data !== undefined && moments.length === 0 ? (
          <EmptyState
            icon={IconCamera}
            line="A snapshot keeps the data of all services at one moment, in about a second, so that you can go back to it. Take one before anything you may want to undo."
            example="npx noodlebox snapshot create --name before"
          />
        ) : null}
        {line === undefined ? null : <TimeLine line={line} zone={zone} chosen={id} onChoose={choose} />}
        {listed.length === 0 ? null : (
          <ul className={css.list} aria-label="Snapshots, newest first">
            {listed.map((moment) => (
              <li key={`${moment.kind} ${moment.id}`}>
                <MomentRow moment={moment} zone={zone} now={now} chosen={moment.id === id} onChoose={() => choose(moment.id)} />
              </li>
            ))}
          </ul>
        )}
        {schedule.data ? <ScheduleList entries={schedule.data.entries} zone={zone} now={now} busy={busy} acts={backupActs} /> : null}
      </div>
    </Panes>
  );
}

interface PostgresButtonProps {
  state: PitrState;
  zone: Zone;
  busy: boolean;
  acts: BackupActs;
}

/** Back to a moment once there is one; before that a first backup, from which on every moment is kept. */
function PostgresButton({ state, zone, busy, acts }: PostgresButtonProps) {
  const first = state.windows.length === 0;
  return (
    <Button
      variant="default"
      leftSection={<IconDatabase size={15} aria-hidden />}
      disabled={busy}
      onClick={() => (first ? acts.backUpPostgres('auto') : askRecovery(state, null, zone, acts))}
    >
      {first ? 'Keep every moment of PostgreSQL' : 'PostgreSQL back to a moment…'}
    </Button>
  );
}

function totals(entries: readonly SnapshotEntry[], backups: number): string {
  const size = entries.reduce((sum, entry) => sum + (entry.state === 'whole' ? spaceOf(entry.snapshot, entry.hot).most : 0), 0);
  const more = backups > 0 ? `, ${plural(backups, 'backup')}` : '';
  return `${plural(entries.length, 'snapshot')}, ${bytes(size)}${more}`;
}

function Waiting() {
  return useAfter(200) ? <div className={css.skeleton} aria-busy /> : null;
}

import { Button, Group } from '@mantine/core';
import { IconHistory, IconShieldCheck, IconTrash, IconX } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { Backup, BackupEntry, BaseBackup, PitrState } from '../../../preload/contract/index.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Facts } from '../../ui/facts.tsx';
import { bytes, count, dateTime, duration, type Zone } from '../../ui/format.ts';
import { PaneHead } from '../../ui/toolbar.tsx';
import { askBackupCheck, askBackupDelete, askBackupRestore, askBaseDelete } from './backup-dialogs.tsx';
import { askRecovery } from './recovery.tsx';
import { checkWords, lockWords } from './snapshot-view.ts';
import css from './snapshots.module.css';
import type { BackupActs } from './use-backups.ts';

interface BackupInspectorProps {
  entry: BackupEntry;
  zone: Zone;
  busy: boolean;
  acts: BackupActs;
  onClose: () => void;
}

export function BackupInspector({ entry, zone, busy, acts, onClose }: BackupInspectorProps) {
  const backup = entry.state === 'whole' ? entry.backup : null;
  return (
    <Frame title={backup?.name ?? entry.id} onClose={onClose}>
      <Group gap="xs">
        {backup === null ? null : (
          <>
            <Restore busy={busy} word="Restore…" onClick={() => askBackupRestore(backup, acts)} />
            <Verify busy={busy} word="Check…" onClick={() => askBackupCheck(backup, acts)} />
          </>
        )}
        <Delete busy={busy} onClick={() => askBackupDelete(entry.id, acts)} />
      </Group>
      {entry.state === 'whole' ? <BackupFacts backup={entry.backup} zone={zone} /> : <p className={css.broken}>{entry.why}</p>}
    </Frame>
  );
}

function BackupFacts({ backup, zone }: { backup: Backup; zone: Zone }) {
  const { id, note, createdAt, runtime, file, bytes: size, unpacked, encryption, stores, checks } = backup;
  return (
    <>
      {note === null ? null : <p className={css.note}>{note}</p>}
      <Facts
        rows={[
          ['Id', <Id key="id" text={id} />],
          ['Made', dateTime(createdAt, zone)],
          ['Runtime', runtime],
          ['File', <Id key="file" text={file} />],
          ['Size', `${bytes(size)}, of ${bytes(unpacked)}`],
          ['Encrypted', lockWords[encryption]],
        ]}
      />
      <h3 className={css.heading}>Checks</h3>
      {checks.length === 0 ? (
        <p className="dim">None yet.{encryption === 'recipients' ? ' A trial restore takes its key, which is not here.' : ''}</p>
      ) : null}
      {checks.map(({ at, how, ok, took, differences }) => (
        <div key={at} className={css.service}>
          <span className={ok ? '' : css.broken}>
            {ok ? 'Good' : 'Not good'}, {checkWords[how]}, {dateTime(at, zone)}, {duration(took)}
          </span>
          {differences.map((line) => (
            <span key={line} className="dim">
              {line}
            </span>
          ))}
        </div>
      ))}
      <h3 className={css.heading}>Stores</h3>
      {stores === null ? <p className="dim">What it holds is known when it is checked.</p> : null}
      {stores?.map(({ service, version, counts, notes }) => (
        <section key={service} className={css.service}>
          <div className={css.serviceHead}>
            <b>{service}</b>
            <span className="dim cut">{version}</span>
          </div>
          {counts.map(({ name, count: items }) => (
            <div key={name} className={css.count}>
              <span className="mono cut">{name}</span>
              <span className="num">{count(items)}</span>
            </div>
          ))}
          {notes.map((line) => (
            <span key={line} className="dim">
              {line}
            </span>
          ))}
        </section>
      ))}
    </>
  );
}

interface BaseInspectorProps {
  backup: BaseBackup;
  state: PitrState;
  zone: Zone;
  busy: boolean;
  acts: BackupActs;
  onClose: () => void;
}

export function BaseInspector({ backup, state, zone, busy, acts, onClose }: BaseInspectorProps) {
  const { id, kind, parent, startedAt, endedAt, bytes: size, walBytes, version, checked } = backup;
  return (
    <Frame title={kind === 'full' ? 'PostgreSQL, all of it' : 'PostgreSQL, what had changed'} onClose={onClose}>
      <Group gap="xs">
        <Restore busy={busy} word="Back to a moment…" onClick={() => askRecovery(state, endedAt, zone, acts)} />
        <Verify busy={busy} word="Verify" onClick={() => acts.verifyBase(id)} />
        <Delete busy={busy} onClick={() => askBaseDelete(id, acts)} />
      </Group>
      <Facts
        rows={[
          ['Id', <Id key="id" text={id} />],
          ['Made', `${dateTime(startedAt, zone)}, in ${duration(endedAt - startedAt)}`],
          ['Builds on', parent],
          ['Size', `${bytes(size)} and ${bytes(walBytes)} of WAL`],
          ['PostgreSQL', version],
          ['Checked', checked.ok ? `good, ${dateTime(checked.at, zone)}` : `not good: ${checked.why}`],
        ]}
      />
    </Frame>
  );
}

function Frame({ title, onClose, children }: { title: string; onClose: () => void; children: ReactNode }) {
  return (
    <>
      <PaneHead title={title}>
        <Button variant="subtle" color="gray" h={24} px={4} aria-label="Close" onClick={onClose}>
          <IconX size={15} aria-hidden />
        </Button>
      </PaneHead>
      <div className={css.inspector}>{children}</div>
    </>
  );
}

function Id({ text }: { text: string }) {
  return (
    <span className={css.id}>
      <span className="mono">{text}</span>
      <CopyButton text={text} label="Copy it" />
    </span>
  );
}

interface ActProps {
  busy: boolean;
  onClick: () => void;
}

function Restore({ busy, word, onClick }: ActProps & { word: string }) {
  return (
    <Button leftSection={<IconHistory size={15} aria-hidden />} disabled={busy} onClick={onClick}>
      {word}
    </Button>
  );
}

function Verify({ busy, word, onClick }: ActProps & { word: string }) {
  return (
    <Button variant="default" leftSection={<IconShieldCheck size={15} aria-hidden />} disabled={busy} onClick={onClick}>
      {word}
    </Button>
  );
}

function Delete({ busy, onClick }: ActProps) {
  return (
    <Button variant="default" leftSection={<IconTrash size={15} aria-hidden />} disabled={busy} onClick={onClick}>
      Delete…
    </Button>
  );
}

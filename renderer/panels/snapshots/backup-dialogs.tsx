import { SegmentedControl } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Backup, BackupCheck } from '../../../preload/contract/index.ts';
import { askLoss } from '../../ui/ask.tsx';
import { CommandLine } from '../../ui/problem.tsx';
import { Lock, NameAndNote, namingOf, Passphrase, unnamed } from './fields.tsx';
import { Form, Outlook, openDialog } from './forms.tsx';
import { lockOf, unlocked } from './lock.ts';
import { quoted } from './snapshot-view.ts';
import css from './snapshots.module.css';
import type { BackupActs } from './use-backups.ts';

export function askBackup(acts: BackupActs): void {
  openDialog('Make a backup', (close) => <CreateForm close={close} acts={acts} />);
}

function CreateForm({ close, acts }: { close: () => void; acts: BackupActs }) {
  const [naming, setNaming] = useState(unnamed);
  const [lock, setLock] = useState(unlocked);
  const encryption = lockOf(lock);
  return (
    <Form
      button="Make backup"
      close={close}
      ready={encryption !== null}
      onSubmit={() => acts.create({ ...namingOf(naming), encryption: encryption! })}
    >
      <p className="dim">
        One file with what all running stores hold, which any stack of the same kinds can take, on any machine. The services go on.
      </p>
      <NameAndNote value={naming} onChange={setNaming} />
      <Lock value={lock} onChange={setLock} />
    </Form>
  );
}

export function askBackupRestore(backup: Backup, acts: BackupActs): void {
  openDialog(`Restore the backup ${quoted(backup)}?`, (close) => <RestoreForm backup={backup} close={close} acts={acts} />);
}

function RestoreForm({ backup, close, acts }: { backup: Backup; close: () => void; acts: BackupActs }) {
  const [passphrase, setPassphrase] = useState('');
  const outlook = useQuery({ queryKey: ['backup-outlook', backup.id], queryFn: () => acts.outlook(backup.id, 'restore'), gcTime: 0 });
  const locked = backup.encryption === 'passphrase';
  return (
    <Form
      button="Restore"
      colour="red"
      close={close}
      ready={outlook.isSuccess && (!locked || passphrase !== '') && backup.encryption !== 'recipients'}
      onSubmit={() => acts.restore(backup.id, locked ? passphrase : undefined)}
    >
      <Outlook query={outlook} />
      {locked ? <Passphrase value={passphrase} onChange={setPassphrase} /> : null}
      {backup.encryption === 'recipients' ? (
        <KeyElsewhere
          words="It is encrypted to keys, and none of them comes into a window. Whoever has one restores it with"
          act={`restore ${backup.id}`}
        />
      ) : null}
    </Form>
  );
}

export function askBackupCheck(backup: Backup, acts: BackupActs): void {
  openDialog(`Check the backup ${quoted(backup)}`, (close) => <CheckForm backup={backup} close={close} acts={acts} />);
}

function CheckForm({ backup, close, acts }: { backup: Backup; close: () => void; acts: BackupActs }) {
  const keyless = backup.encryption === 'recipients';
  const [how, setHow] = useState<BackupCheck['how']>(keyless ? 'sealed' : 'read');
  const [passphrase, setPassphrase] = useState('');
  const locked = backup.encryption === 'passphrase';
  return (
    <Form
      button="Check"
      close={close}
      ready={!locked || passphrase !== ''}
      onSubmit={() => acts.verify(backup.id, how, locked ? passphrase : undefined)}
    >
      {keyless ? null : (
        <SegmentedControl
          aria-label="How"
          data={[
            { value: 'read', label: 'Read all of it' },
            { value: 'restored', label: 'Restore it beside' },
          ]}
          value={how}
          onChange={(value) => setHow(value as BackupCheck['how'])}
        />
      )}
      <p className="dim">{checking[how]}</p>
      {keyless ? <KeyElsewhere words="Whoever has the key tries it by a restore with" act={`verify ${backup.id} --restore`} /> : null}
      {locked ? <Passphrase value={passphrase} onChange={setPassphrase} /> : null}
    </Form>
  );
}

const checking: Readonly<Record<BackupCheck['how'], string>> = {
  read: 'Every part is read and compared with its hash.',
  restored: 'It is restored into a stack of its own, compared with that, and the stack is cleared away.',
  sealed: 'It is encrypted to keys that are not here, so it is not opened: the file is compared with what was written.',
};

/** What takes a secret key is done where that lies. */
function KeyElsewhere({ words, act }: { words: string; act: string }) {
  return (
    <div className={css.form}>
      <p>{words}</p>
      <CommandLine command={`noodlebox backup ${act} --identity key.txt`} />
    </div>
  );
}

export function askBackupDelete(id: string, acts: BackupActs): void {
  askLoss({
    title: 'Delete this backup?',
    intro: 'It cannot be restored afterwards. The stack itself is not touched. This goes:',
    losses: async () => (await acts.outlook(id, 'delete')).loses,
    button: 'Delete backup',
    act: () => acts.remove(id),
  });
}

export function askBaseDelete(id: string, acts: BackupActs): void {
  askLoss({
    title: 'Delete this physical backup?',
    intro: 'The stack itself is not touched. This goes:',
    losses: async () => (await acts.baseOutlook(id)).loses,
    button: 'Delete backup',
    act: () => acts.removeBase(id),
  });
}

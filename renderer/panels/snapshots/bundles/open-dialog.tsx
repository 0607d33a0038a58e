import { Button, FileInput, Group, Modal, PasswordInput, Progress, SegmentedControl, TextInput } from '@mantine/core';
import { type ReactNode, type SubmitEvent, useEffect, useRef, useState } from 'react';
import type { BundleAbout, BundleFile, ProblemData, RuntimeKind } from '../../../../preload/contract/index.ts';
import { api, problemOf } from '../../../api/client.ts';
import { upload } from '../../../api/files.ts';
import { useStacks } from '../../../api/stack.tsx';
import { Facts } from '../../../ui/facts.tsx';
import { bytes, dateTime, type Zone } from '../../../ui/format.ts';
import { ProblemBox } from '../../../ui/problem.tsx';
import { Passphrase } from '../fields.tsx';
import { lockWords } from '../snapshot-view.ts';
import { freeName, nameProblem, secretKeysOf } from './bundle-view.ts';
import css from './bundles.module.css';
import { Contents } from './contents.tsx';
import type { ImportWanted } from './use-import.tsx';

interface Keys {
  readonly passphrase: string | null;
  readonly identities: string[];
}

const noKeys: Keys = { passphrase: null, identities: [] };

type Stage =
  | { kind: 'choosing'; problem: ProblemData | null }
  | { kind: 'sending'; share: number }
  | { kind: 'locked'; file: string; outside: BundleFile; problem: ProblemData | null; trying: boolean }
  | { kind: 'open'; file: string; outside: BundleFile; about: BundleAbout; keys: Keys };

interface OpenDialogProps {
  runtime: RuntimeKind;
  zone: Zone;
  onImport: (wanted: ImportWanted) => void;
  onClose: () => void;
}

/** Looks into a bundle, and makes a stack of it when that is wanted. */
export function OpenDialog({ runtime, zone, onImport, onClose }: OpenDialogProps) {
  const [stage, setStage] = useState<Stage>({ kind: 'choosing', problem: null });
  const [chosen, setChosen] = useState<File | null>(null);
  const sending = useRef(new AbortController());
  useEffect(() => () => sending.current.abort(), []);

  const send = async (file: File | null) => {
    sending.current.abort();
    const { signal } = (sending.current = new AbortController());
    const go = (next: Stage) => (signal.aborted ? undefined : setStage(next));
    setChosen(file);
    go({ kind: 'choosing', problem: null });
    if (file === null) return;
    try {
      go({ kind: 'sending', share: 0 });
      const id = await upload(file, (share) => go({ kind: 'sending', share }), signal);
      const outside = await api.bundles.inspect({ file: id });
      go(
        outside.about === null
          ? { kind: 'locked', file: id, outside, problem: null, trying: false }
          : { kind: 'open', file: id, outside, about: outside.about, keys: noKeys },
      );
    } catch (error) {
      go({ kind: 'choosing', problem: problemOf(error) });
    }
  };
  const unlock = async (locked: Extract<Stage, { kind: 'locked' }>, keys: Keys) => {
    const { signal } = sending.current;
    const go = (next: Stage) => (signal.aborted ? undefined : setStage(next));
    go({ ...locked, problem: null, trying: true });
    try {
      const { about } = await api.bundles.inspect({ file: locked.file, ...keys });
      if (about !== null) go({ kind: 'open', file: locked.file, outside: locked.outside, about, keys });
    } catch (error) {
      go({ ...locked, problem: problemOf(error), trying: false });
    }
  };

  return (
    <Modal opened onClose={onClose} title="Open a bundle" size="xl" closeOnClickOutside={stage.kind !== 'open'}>
      <div className={css.form}>
        <FileInput
          label="File"
          description="A .noodle file that somebody exported. It is looked into, and nothing is made of it yet."
          placeholder="Choose a file"
          accept=".noodle"
          value={chosen}
          onChange={(file) => void send(file)}
          data-autofocus
        />
        {stage.kind === 'choosing' && stage.problem !== null ? <ProblemBox problem={stage.problem} /> : null}
        {stage.kind === 'sending' ? <Progress value={stage.share * 100} size={4} transitionDuration={120} aria-label="Sent" /> : null}
        {stage.kind === 'locked' ? (
          <>
            <Outside file={stage.outside} zone={zone} />
            <Unlock key={stage.file} stage={stage} onUnlock={(keys) => void unlock(stage, keys)} onClose={onClose} />
          </>
        ) : null}
        {stage.kind === 'open' ? (
          <Opened
            key={stage.file}
            about={stage.about}
            outside={stage.outside}
            runtime={runtime}
            zone={zone}
            onImport={(to) => {
              onClose();
              onImport({ file: stage.file, ...stage.keys, ...to });
            }}
            onClose={onClose}
          />
        ) : null}
        {stage.kind === 'choosing' || stage.kind === 'sending' ? <Buttons onClose={onClose} /> : null}
      </div>
    </Modal>
  );
}

function Outside({ file, zone }: { file: BundleFile; zone: Zone }) {
  return (
    <Facts
      rows={[
        ['Size', bytes(file.bytes)],
        ['Made', dateTime(file.createdAt, zone)],
        ['Encrypted', lockWords[file.encryption]],
      ]}
    />
  );
}

interface UnlockProps {
  stage: Extract<Stage, { kind: 'locked' }>;
  onUnlock: (keys: Keys) => void;
  onClose: () => void;
}

function Unlock({ stage: { outside, problem, trying }, onUnlock, onClose }: UnlockProps) {
  const [secret, setSecret] = useState('');
  const byPassphrase = outside.encryption === 'passphrase';
  const keys: Keys = byPassphrase ? { passphrase: secret, identities: [] } : { passphrase: null, identities: secretKeysOf(secret) };
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    onUnlock(keys);
  };
  const refused = problem === null ? null : [problem.what, problem.why].filter(Boolean).join(' ');
  return (
    <form className={css.form} onSubmit={submit}>
      {byPassphrase ? (
        <Passphrase value={secret} onChange={setSecret} error={refused} />
      ) : (
        <PasswordInput
          label="Secret key"
          description="AGE-SECRET-KEY-1…; it is used to open the file, and kept nowhere"
          value={secret}
          error={refused}
          autoComplete="off"
          onChange={(event) => setSecret(event.currentTarget.value)}
          data-autofocus
        />
      )}
      <Buttons onClose={onClose}>
        <Button type="submit" loading={trying} disabled={secret.trim() === ''}>
          Open
        </Button>
      </Buttons>
    </form>
  );
}

interface OpenedProps {
  about: BundleAbout;
  outside: BundleFile;
  runtime: RuntimeKind;
  zone: Zone;
  onImport: (to: { name: string; runtime: RuntimeKind }) => void;
  onClose: () => void;
}

function Opened({ about, outside, runtime, zone, onImport, onClose }: OpenedProps) {
  const taken = (useStacks().data ?? []).map(({ name }) => name);
  const [typed, setTyped] = useState<string | null>(null);
  const [where, setWhere] = useState(runtime);
  const name = typed ?? freeName(about.stack, taken);
  const problem = nameProblem(name, taken);
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    onImport({ name, runtime: where });
  };
  return (
    <form className={css.form} onSubmit={submit}>
      <Outside file={outside} zone={zone} />
      <Contents about={about} zone={zone} />
      <div className={css.target}>
        <TextInput
          label="Name of the new stack"
          value={name}
          error={problem}
          maxLength={63}
          onChange={(event) => setTyped(event.currentTarget.value)}
          data-autofocus
        />
        <SegmentedControl
          aria-label="Where it runs"
          data={[
            { value: 'docker', label: 'On Docker' },
            { value: 'native', label: 'On this machine' },
          ]}
          value={where}
          onChange={(value) => setWhere(value as RuntimeKind)}
        />
      </div>
      <p className="dim">Functions and triggers of a bundle run as the new stack's user: import bundles of people you trust.</p>
      <Buttons onClose={onClose}>
        <Button type="submit" disabled={problem !== null}>
          Make the stack
        </Button>
      </Buttons>
    </form>
  );
}

function Buttons({ onClose, children }: { onClose: () => void; children?: ReactNode }) {
  return (
    <Group justify="flex-end" gap="xs">
      <Button variant="default" onClick={onClose}>
        Cancel
      </Button>
      {children}
    </Group>
  );
}

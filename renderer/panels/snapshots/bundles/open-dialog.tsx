import { Button, FileInput, Group, Modal, PasswordInput, Progress, SegmentedControl, TextInput } from '@mantine/core';
import { type ReactNode, type SubmitEvent, useState } from 'react';
import type { BundleAbout, BundleFile, RuntimeKind } from '../../../../preload/contract/index.ts';
import { tell } from '../../../api/actions.tsx';
import { useStacks } from '../../../api/stack.tsx';
import { Facts } from '../../../ui/facts.tsx';
import { bytes, dateTime, type Zone } from '../../../ui/format.ts';
import { ProblemBox } from '../../../ui/problem.tsx';
import { Passphrase } from '../fields.tsx';
import { lockWords } from '../snapshot-view.ts';
import { freeName, nameProblem, secretKeysOf } from './bundle-view.ts';
import css from './bundles.module.css';
import { Contents } from './contents.tsx';
import { Stage } from './stage.tsx';
import type { ImportWanted } from './use-import.tsx';
import { type BundleKeys, type OpenStage, useOpen } from './use-open.ts';

interface OpenDialogProps {
  runtime: RuntimeKind;
  zone: Zone;
  onImport: (wanted: ImportWanted) => void;
  onClose: () => void;
}

/** Looks into a bundle, and makes a stack of it when that is wanted. */
export function OpenDialog({ runtime, zone, onImport, onClose }: OpenDialogProps) {
  const { stage, send, unlock } = useOpen();
  const [chosen, setChosen] = useState<File | null>(null);
  const choose = (file: File | null) => {
    setChosen(file);
    void send(file);
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
          onChange={choose}
          data-autofocus
        />
        {stage.kind === 'choosing' && stage.problem !== null ? <ProblemBox problem={stage.problem} /> : null}
        {stage.kind === 'sending' ? <Progress value={stage.share * 100} size={4} transitionDuration={120} aria-label="Sent" /> : null}
        {stage.kind === 'locked' ? (
          <Stage key={`locked ${stage.file}`}>
            <Outside file={stage.outside} zone={zone} />
            <Unlock stage={stage} onUnlock={(keys) => void unlock(stage, keys)} onClose={onClose} />
          </Stage>
        ) : null}
        {stage.kind === 'open' ? (
          <Stage key={`open ${stage.file}`}>
            <Opened
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
          </Stage>
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
  stage: Extract<OpenStage, { kind: 'locked' }>;
  onUnlock: (keys: BundleKeys) => void;
  onClose: () => void;
}

function Unlock({ stage: { outside, problem, trying }, onUnlock, onClose }: UnlockProps) {
  const [secret, setSecret] = useState('');
  const byPassphrase = outside.encryption === 'passphrase';
  const keys: BundleKeys = byPassphrase ? { passphrase: secret, identities: [] } : { passphrase: null, identities: secretKeysOf(secret) };
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
  onImport: (to: Pick<ImportWanted, 'name' | 'runtime' | 'compose'>) => void;
  onClose: () => void;
}

function Opened({ about, outside, runtime, zone, onImport, onClose }: OpenedProps) {
  const taken = (useStacks().data ?? []).map(({ name }) => name);
  const [typed, setTyped] = useState<string | null>(null);
  const [where, setWhere] = useState(runtime);
  const [composeFile, setComposeFile] = useState<File | null>(null);
  const name = typed ?? freeName(about.stack, taken);
  const problem = nameProblem(name, taken);
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (problem === null) void read(composeFile).then((compose) => onImport({ name, runtime: where, compose }), tell);
  };
  return (
    <form className={`${css.form} ${css.opened}`} onSubmit={submit}>
      <Contents about={about} file={outside} zone={zone} />
      <div className={css.target}>
        <TextInput
          label="Name of the new stack"
          value={name}
          error={problem}
          maxLength={63}
          onChange={(event) => setTyped(event.currentTarget.value)}
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
      <FileInput
        label="Compose file"
        description="Left out, the new stack has the services that come with Noodlebox. It says what runs on this machine: give one that you trust."
        placeholder="Noodlebox's own"
        accept=".yaml,.yml"
        clearable
        value={composeFile}
        onChange={setComposeFile}
      />
      <p className="dim">Functions and triggers of a bundle run as the new stack's user: import bundles of people you trust.</p>
      <Buttons onClose={onClose}>
        <Button type="submit" disabled={problem !== null}>
          Make the stack
        </Button>
      </Buttons>
    </form>
  );
}

async function read(file: File | null): Promise<string | null> {
  return file === null ? null : file.text();
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

import { Button, Checkbox, FileButton, Group, SegmentedControl, Switch, Textarea } from '@mantine/core';
import type { ReactNode } from 'react';
import type { ProblemData } from '../../../../preload/contract/index.ts';
import { tell } from '../../../api/actions.tsx';
import { ProblemBox } from '../../../ui/problem.tsx';
import { Note } from '../fields.tsx';
import { idsProblem, type Wanted } from './bundle-view.ts';
import css from './bundles.module.css';

interface WantedFormProps {
  intro: string;
  /** What it is taken of, where that has to be asked. */
  children?: ReactNode;
  wanted: Wanted;
  /** Why what was asked for could not be gathered. */
  problem: ProblemData | null;
  onChange: (wanted: Wanted) => void;
  /** null while something is missing or wrong. */
  onLook: (() => void) | null;
  onClose: () => void;
}

/** What a bundle is to hold, and what is masked in it. */
export function WantedForm({ intro, children, wanted, problem, onChange, onLook, onClose }: WantedFormProps) {
  const set = (change: Partial<Wanted>) => onChange({ ...wanted, ...change });
  return (
    <form
      className={css.form}
      onSubmit={(event) => {
        event.preventDefault();
        onLook?.();
      }}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) event.currentTarget.requestSubmit();
      }}
    >
      <p className="dim">{intro}</p>
      {problem === null ? null : <ProblemBox problem={problem} />}
      {children}
      <SegmentedControl
        aria-label="What it holds"
        data={[
          { value: 'everything', label: 'Everything' },
          { value: 'reached', label: 'What some ids reach' },
        ]}
        value={wanted.what}
        onChange={(what) => set({ what: what as Wanted['what'] })}
      />
      {wanted.what === 'reached' ? (
        <Textarea
          label="Ids"
          description="Of a user, a job, anything: one a line; a number with its table, as in users:42"
          classNames={{ input: 'mono' }}
          value={wanted.ids}
          error={idsProblem(wanted.ids)}
          autosize
          minRows={2}
          maxRows={8}
          onChange={(event) => set({ ids: event.currentTarget.value })}
        />
      ) : null}
      <Switch
        label="Mask what is personal"
        description={
          wanted.mask ? 'Names, addresses, phone numbers, passwords and free texts are replaced; joins hold' : 'Everything stays as it is'
        }
        checked={wanted.mask}
        onChange={(event) => set({ mask: event.currentTarget.checked })}
      />
      <Checkbox
        label="Rules of my own"
        description="What else is masked, and how far references are followed; they go before those that come with Noodlebox"
        checked={wanted.rules !== null}
        onChange={(event) => set({ rules: event.currentTarget.checked ? '' : null })}
      />
      {wanted.rules === null ? null : <Rules value={wanted.rules} onChange={(rules) => set({ rules })} />}
      <Note value={wanted.note} onChange={(note) => set({ note })} />
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button type="submit" disabled={onLook === null}>
          Look at it first
        </Button>
      </Group>
    </form>
  );
}

const example = `mask:
  postgres:
    users: { email: email, status: { constant: active } }
  redis:
    "session:*": { ip_address: text }
children: [projects]
limit: 5000`;

function Rules({ value, onChange }: { value: string; onChange: (rules: string) => void }) {
  const take = (file: File | null) => void file?.text().then(onChange, tell);
  return (
    <div className={css.rules}>
      <Textarea
        label="Rules"
        description="YAML"
        classNames={{ input: 'mono' }}
        placeholder={example}
        value={value}
        spellCheck={false}
        autosize
        minRows={7}
        maxRows={14}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
      <FileButton accept=".yaml,.yml" onChange={take}>
        {(props) => (
          <Button variant="default" {...props}>
            From a file…
          </Button>
        )}
      </FileButton>
    </div>
  );
}

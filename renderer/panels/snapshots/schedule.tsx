import { Button, NumberInput, Select, Switch, Textarea, TextInput } from '@mantine/core';
import { IconPlayerPlay, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import type { ScheduledAct, ScheduleEntry, ScheduleJob } from '../../../preload/contract/index.ts';
import { askLoss } from '../../ui/ask.tsx';
import { dateSecond, plural, type Zone } from '../../ui/format.ts';
import { Form, openDialog } from './forms.tsx';
import { recipientsOf } from './lock.ts';
import { age, ahead } from './snapshot-view.ts';
import css from './snapshots.module.css';
import type { BackupActs } from './use-backups.ts';

export const actWords: Readonly<Record<ScheduledAct, string>> = {
  snapshot: 'Take a snapshot',
  dump: 'Make a backup',
  'check-dump': 'Restore the newest backup beside and compare',
  base: 'Back up what changed in PostgreSQL',
  'base-full': 'Back up all of PostgreSQL',
  'check-base': 'Recover PostgreSQL beside and ask it',
};

/** "Make a backup, encrypted to 2 keys" */
export function jobWords({ act, recipients }: ScheduleJob): string {
  return recipients.length === 0 ? actWords[act] : `${actWords[act]}, encrypted to ${plural(recipients.length, 'key')}`;
}

interface ScheduleListProps {
  entries: readonly ScheduleEntry[];
  zone: Zone;
  /** ms since the epoch */
  now: number;
  busy: boolean;
  acts: BackupActs;
}

/** What is made by itself, and how it went the last time. */
export function ScheduleList({ entries, zone, now, busy, acts }: ScheduleListProps) {
  return (
    <section className={css.schedule} aria-label="Schedule">
      <header className={css.progressHead}>
        <strong>Schedule</strong>
        <Button variant="default" h={24} onClick={() => askJob(null, acts)}>
          Add a job…
        </Button>
      </header>
      {entries.length === 0 ? (
        <p className="dim">Nothing is made by itself. Jobs run while a window is open; missed ones are caught up.</p>
      ) : null}
      <ul className={css.jobs}>
        {entries.map(({ job, next, late, last }) => (
          <li key={job.name} className={css.job}>
            <button type="button" className={css.jobName} onClick={() => askJob(job, acts)} title={`Change ${job.name}`}>
              {job.name}
            </button>
            <span className="cut" title={jobWords(job)}>
              {jobWords(job)}
            </span>
            <span
              className="dim cut num"
              title={[
                ...(next === null ? [] : [`Next ${dateSecond(next, zone)}`]),
                ...(last === null ? [] : [`Last ${dateSecond(last.endedAt, zone)}${last.note ? `: ${last.note}` : ''}`]),
              ].join('\n')}
            >
              {next === null ? 'never' : late ? 'due now' : `next ${ahead(next - now)}`}
              {last === null
                ? ''
                : ` · ${last.outcome} ${age(now - last.endedAt)}${last.problem ? `: ${last.problem.what}` : last.note ? `, ${last.note}` : ''}`}
            </span>
            <Button
              variant="subtle"
              color="gray"
              h={24}
              px={4}
              disabled={busy}
              aria-label={`Run ${job.name} now`}
              onClick={() => acts.runJob(job.name)}
            >
              <IconPlayerPlay size={15} aria-hidden />
            </Button>
            <Button variant="subtle" color="gray" h={24} px={4} aria-label={`Remove ${job.name}`} onClick={() => askRemove(job.name, acts)}>
              <IconTrash size={15} aria-hidden />
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}

function askRemove(name: string, acts: BackupActs): void {
  askLoss({
    title: `Remove the job ${name}?`,
    intro: 'What it has made stays.',
    losses: [`the job ${name}`],
    button: 'Remove job',
    act: () => acts.removeJob(name),
  });
}

function askJob(job: ScheduleJob | null, acts: BackupActs): void {
  openDialog(job === null ? 'Add a job' : `Change ${job.name}`, (close) => <JobForm job={job} close={close} acts={acts} />);
}

const fresh: ScheduleJob = {
  name: '',
  act: 'dump',
  cron: '0 3 * * *',
  zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
  quiet: null,
  keepDays: 30,
  recipients: [],
};

function JobForm({ job, close, acts }: { job: ScheduleJob | null; close: () => void; acts: BackupActs }) {
  const [wanted, setWanted] = useState(job ?? fresh);
  const [keys, setKeys] = useState(wanted.recipients.join('\n'));
  const set = (change: Partial<ScheduleJob>) => setWanted({ ...wanted, ...change });
  const acting = Object.entries(actWords).map(([value, label]) => ({ value, label }));
  return (
    <Form
      button="Set"
      close={close}
      ready={wanted.name !== '' && wanted.cron !== ''}
      onSubmit={() => acts.setJob({ ...wanted, recipients: wanted.act === 'dump' ? recipientsOf(keys) : [] })}
    >
      {job !== null ? null : (
        <TextInput
          label="Name"
          description="Lower-case letters, digits and -"
          value={wanted.name}
          onChange={(event) => set({ name: event.currentTarget.value })}
          data-autofocus
        />
      )}
      <Select label="What" data={acting} value={wanted.act} allowDeselect={false} onChange={(act) => set({ act: act as ScheduledAct })} />
      {wanted.act === 'dump' ? (
        <Textarea
          label="Encrypted to"
          description="Public keys, age1…, one a line; left empty, the files are not encrypted. No secret is kept here, so a trial restore is for whoever has the key."
          classNames={{ input: 'mono' }}
          value={keys}
          spellCheck={false}
          autosize
          minRows={1}
          maxRows={6}
          onChange={(event) => setKeys(event.currentTarget.value)}
        />
      ) : null}
      <TextInput
        label="When"
        description="Minute, hour, day of the month, month, day of the week"
        classNames={{ input: 'mono' }}
        value={wanted.cron}
        onChange={(event) => set({ cron: event.currentTarget.value })}
        data-autofocus={job !== null || undefined}
      />
      <TextInput label="Time zone" value={wanted.zone} onChange={(event) => set({ zone: event.currentTarget.value })} />
      <Switch
        label="Quiet hours, in which nothing begins"
        checked={wanted.quiet !== null}
        onChange={(event) => set({ quiet: event.currentTarget.checked ? { from: '09:00', to: '17:00' } : null })}
      />
      {wanted.quiet === null ? null : (
        <div className={css.hours}>
          {(['from', 'to'] as const).map((end) => (
            <TextInput
              key={end}
              label={end === 'from' ? 'From' : 'To'}
              type="time"
              value={wanted.quiet?.[end]}
              onChange={(event) => set({ quiet: { ...wanted.quiet!, [end]: event.currentTarget.value } })}
            />
          ))}
        </div>
      )}
      <NumberInput
        label="Days that what it makes stays"
        description="Never the last good one"
        value={wanted.keepDays}
        min={1}
        max={3_650}
        allowDecimal={false}
        onChange={(value) => set({ keepDays: typeof value === 'number' ? value : wanted.keepDays })}
      />
    </Form>
  );
}

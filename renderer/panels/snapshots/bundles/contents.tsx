import { IconAlertTriangle } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { BundleAbout, BundleFile, BundleService, MaskedField, PersonalField } from '../../../../preload/contract/index.ts';
import { Facts } from '../../../ui/facts.tsx';
import { bytes, count, dateTime, plural, type Zone } from '../../../ui/format.ts';
import { ServiceBadge } from '../../../ui/service-badge.tsx';
import { lockWords } from '../snapshot-view.ts';
import { holdsWords, likeWords, rowsOf, scopeWords, warningOf } from './bundle-view.ts';
import css from './bundles.module.css';

interface ContentsProps {
  about: BundleAbout;
  /** The file that it was read of; none yet where it was only gathered. */
  file?: BundleFile;
  zone: Zone;
}

/** What a bundle tells of itself: what it holds, what in it looks personal and was not masked, and what was. */
export function Contents({ about, file, zone }: ContentsProps) {
  const { stack, runtime, scope, note, compose, services, report, masked, cuts, notices } = about;
  const warning = warningOf(about);
  return (
    <>
      {warning === null ? null : (
        <p className={css.warning}>
          <IconAlertTriangle size={15} aria-hidden />
          {warning}
        </p>
      )}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so keys must reach it */}
      <section className={css.contents} aria-label="What it holds" tabIndex={0} data-autofocus>
        <Facts
          rows={[
            ['Of', stack === null ? 'other servers' : `the stack ${stack}${runtime === null ? '' : `, ${runtime}`}`],
            ['Holds', scopeWords(scope)],
            ['Gathered', dateTime(about.createdAt, zone)],
            ['File', file && `${bytes(file.bytes)}, encrypted: ${lockWords[file.encryption]}`],
            ['Note', note],
            ['Compose file', compose === null ? null : 'its own, carried along and never run by itself: see below'],
          ]}
        />
        {cuts.length + notices.length === 0 ? null : (
          <ul className={css.notices} aria-label="To know">
            {[...cuts, ...notices].map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
        )}
        <Stores services={services} />
        <Personal fields={report.personal} />
        {masked ? <Masked fields={report.masked} /> : null}
        {compose === null ? null : (
          <details className={css.compose}>
            <summary>Its compose file</summary>
            <pre className="mono">{compose}</pre>
          </details>
        )}
      </section>
    </>
  );
}

function Stores({ services }: { services: readonly BundleService[] }) {
  const size = services.reduce((sum, service) => sum + service.bytes, 0);
  return (
    <Table title="Stores" aside={`${bytes(size)}, unpacked`} head={['Store', 'Holds', 'Rows', 'Size']}>
      {services.map((service) => (
        <tr key={service.service}>
          <td className={css.store}>
            <ServiceBadge kind={service.kind} small />
            <span>
              {service.service} <span className="dim">{service.version}</span>
            </span>
          </td>
          <td>{holdsWords(service)}</td>
          <td className={css.number}>{count(rowsOf(service))}</td>
          <td className={css.number}>{bytes(service.bytes)}</td>
        </tr>
      ))}
    </Table>
  );
}

/** Read before a file is shared, so it stands before what was masked. */
function Personal({ fields }: { fields: readonly PersonalField[] }) {
  if (fields.length === 0) {
    return <p className="dim">Nothing else looks personal. That is told by names and patterns: it is help, and no proof.</p>;
  }
  return (
    <Table title="Looks personal, and is not masked" aside={plural(fields.length, 'field')} head={['Field', 'Looks like']} warns>
      {fields.map((field) => (
        <tr key={`${field.service} ${field.place} ${field.field}`}>
          <Field {...field} />
          <td>{likeWords(field)}</td>
        </tr>
      ))}
    </Table>
  );
}

function Masked({ fields }: { fields: readonly MaskedField[] }) {
  if (fields.length === 0) return <p className="dim">Nothing had to be masked.</p>;
  return (
    <Table title="Masked" aside={plural(fields.length, 'field')} head={['Field', 'As', 'Values']}>
      {fields.map((field) => (
        <tr key={`${field.service} ${field.place} ${field.field} ${field.mask}`}>
          <Field {...field} />
          <td>{field.mask}</td>
          <td className={css.number}>{count(field.values)}</td>
        </tr>
      ))}
    </Table>
  );
}

function Field({ service, place, field }: Pick<MaskedField, 'service' | 'place' | 'field'>) {
  return (
    <td className={css.field}>
      <span className="dim">{service}</span>{' '}
      <span className="mono">
        {place}.{field}
      </span>
    </td>
  );
}

interface TableProps {
  title: string;
  aside: string;
  head: readonly string[];
  warns?: boolean;
  children: ReactNode;
}

function Table({ title, aside, head, warns = false, children }: TableProps) {
  return (
    <div>
      <h3 className={css.heading}>
        {warns ? <IconAlertTriangle size={15} aria-hidden color="var(--nb-warn)" /> : null}
        {title} <span className="dim num">{aside}</span>
      </h3>
      <table className={css.table} aria-label={title}>
        <thead>
          <tr>
            {head.map((word) => (
              <th key={word} scope="col" data-number={['Rows', 'Size', 'Values'].includes(word) || undefined}>
                {word}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}

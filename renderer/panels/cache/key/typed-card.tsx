import { useSettings } from '../../../api/settings.ts';
import { Facts } from '../../../ui/facts.tsx';
import { bytes, count, dateTime, duration } from '../../../ui/format.ts';
import { IdText } from '../../../ui/id-text.tsx';
import css from '../cache.module.css';
import { isCounter, type TypedValue, typedView } from './typed.ts';

/** One of the stack's own keys, for what it is. */
export function TypedCard({ keyName, value }: { keyName: string; value: string }) {
  const zone = useSettings()?.times ?? 'local';
  const view = typedView(keyName, value);
  if (view === undefined) return null;
  if (isCounter(keyName, value)) {
    return (
      <section className={css.card} aria-label="Counter" data-testid="typed-view">
        <div className={css.counter}>{value.replace(/\B(?=(\d{3})+(?!\d))/g, ',')}</div>
        <div className="dim">{keyName.slice('counter:'.length)}</div>
      </section>
    );
  }
  return (
    <section className={css.card} aria-label={view.title} data-testid="typed-view">
      <h3 className={css.subhead}>{view.title}</h3>
      <Facts rows={view.rows.map(([label, told]) => [label, <Told key={label} told={told} zone={zone} />])} />
    </section>
  );
}

function Told({ told, zone }: { told: TypedValue; zone: 'local' | 'utc' }) {
  switch (told.kind) {
    case 'id':
      return (
        <span className="mono">
          <IdText text={told.text} />
        </span>
      );
    case 'time':
      return <span title={dateTime(told.value, 'utc')}>{dateTime(told.value, zone)}</span>;
    case 'duration':
      return duration(told.value);
    case 'bytes':
      return bytes(told.value);
    case 'number':
      return count(told.value);
    default:
      return told.text;
  }
}

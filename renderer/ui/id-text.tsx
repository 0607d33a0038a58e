import { Link } from '@tanstack/react-router';
import css from './id-text.module.css';

const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi;

/** A text in which every id leads to its trace through all stores. */
export function IdText({ text }: { text: string }) {
  return pieces(text).map(({ at, part, id }) =>
    id ? (
      <Link key={at} to="/trace" search={{ id: part }} className={css.id} title="Follow this id through all stores">
        {part}
      </Link>
    ) : (
      part
    ),
  );
}

/** The text cut at its ids, in order. */
export function pieces(text: string): { at: number; part: string; id: boolean }[] {
  const found: { at: number; part: string; id: boolean }[] = [];
  let end = 0;
  for (const match of text.matchAll(uuid)) {
    if (match.index > end) found.push({ at: end, part: text.slice(end, match.index), id: false });
    found.push({ at: match.index, part: match[0], id: true });
    end = match.index + match[0].length;
  }
  if (end < text.length) found.push({ at: end, part: text.slice(end), id: false });
  return found;
}

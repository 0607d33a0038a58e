/** How keys of each type look: an icon and a word. */
import {
  IconBraces,
  IconBrackets,
  IconFile,
  IconHash,
  IconLetterT,
  IconList,
  IconListNumbers,
  type IconProps,
  IconTimeline,
} from '@tabler/icons-react';
import type { ComponentType } from 'react';

const looks: Readonly<Record<string, { readonly icon: ComponentType<IconProps>; readonly hue: string; readonly word: string }>> = {
  string: { icon: IconLetterT, hue: 'var(--nb-chart-1)', word: 'string' },
  hash: { icon: IconHash, hue: 'var(--nb-chart-4)', word: 'hash' },
  list: { icon: IconList, hue: 'var(--nb-chart-3)', word: 'list' },
  set: { icon: IconBrackets, hue: 'var(--nb-chart-2)', word: 'set' },
  zset: { icon: IconListNumbers, hue: 'var(--nb-chart-6)', word: 'sorted set' },
  stream: { icon: IconTimeline, hue: 'var(--nb-chart-5)', word: 'stream' },
  json: { icon: IconBraces, hue: 'var(--nb-chart-7)', word: 'JSON' },
};

/** @param type as TYPE tells it, or `json` */
export function lookOf(type: string | null) {
  const name = type === 'ReJSON-RL' ? 'json' : (type ?? '');
  return looks[name] ?? { icon: IconFile, hue: 'var(--nb-text-3)', word: type === 'none' ? 'gone' : (type ?? '') };
}

import { useDebouncedCallback } from '@mantine/hooks';
import type { ReactNode } from 'react';
import { Group, Panel, Separator } from 'react-resizable-panels';
import { useSetSettings, useSettings } from '../api/settings.ts';
import css from './panes.module.css';

interface PanesProps {
  /** Names the sizes that are remembered: `sql`, `topics`. */
  id: string;
  tree?: ReactNode;
  inspector?: ReactNode;
  children: ReactNode;
}

const shares = { tree: 20, inspector: 28 };

/** tree | main | inspector: sizes are dragged, or moved by arrow keys on the separator, and remembered. */
export function Panes({ id, tree, inspector, children }: PanesProps) {
  const settings = useSettings();
  const setSettings = useSetSettings();
  const keep = useDebouncedCallback((layout: Record<string, number>) => setSettings({ layout }), 400);
  if (settings === undefined) return null;
  const sizeOf = (part: 'tree' | 'inspector') => `${settings.layout[`${id}.${part}`] ?? shares[part]}`;
  const hasTree = tree !== undefined && tree !== null;
  const hasInspector = inspector !== undefined && inspector !== null;
  return (
    <Group
      className={css.panes}
      onLayoutChanged={(layout, meta) => {
        if (!meta.isUserInteraction) return;
        const { main: _main, ...sizes } = layout;
        const named = Object.entries(sizes).map(([part, size]) => [`${id}.${part}`, Math.round(size * 10) / 10]);
        keep({ ...settings.layout, ...Object.fromEntries(named) });
      }}
    >
      {hasTree ? (
        <>
          <Panel id="tree" className={css.tree} defaultSize={sizeOf('tree')} minSize={160} maxSize="50" collapsible>
            {tree}
          </Panel>
          <Separator className={css.separator} aria-label="Width of the tree" />
        </>
      ) : null}
      <Panel id="main" className={css.main} minSize={280}>
        {children}
      </Panel>
      {hasInspector ? (
        <>
          <Separator className={css.separator} aria-label="Width of the inspector" />
          <Panel id="inspector" className={css.inspector} defaultSize={sizeOf('inspector')} minSize={200} maxSize="60" collapsible>
            {inspector}
          </Panel>
        </>
      ) : null}
    </Group>
  );
}

interface SplitProps {
  /** Names the size that is remembered. */
  id: string;
  first: ReactNode;
  second: ReactNode;
  /** Share of the first, in percent, until a person chooses another. */
  share?: number;
}

/** Two parts above each other: an editor over its results. */
export function Split({ id, first, second, share = 40 }: SplitProps) {
  const settings = useSettings();
  const setSettings = useSetSettings();
  const keep = useDebouncedCallback((size: number) => settings && setSettings({ layout: { ...settings.layout, [id]: size } }), 400);
  if (settings === undefined) return null;
  return (
    <Group
      className={css.panes}
      orientation="vertical"
      onLayoutChanged={(layout, meta) => {
        if (meta.isUserInteraction && layout.first !== undefined) keep(Math.round(layout.first * 10) / 10);
      }}
    >
      <Panel id="first" className={css.main} defaultSize={`${settings.layout[id] ?? share}`} minSize={80}>
        {first}
      </Panel>
      <Separator className={css.separatorFlat} aria-label="Height of the upper part" />
      <Panel id="second" className={css.main} minSize={80}>
        {second}
      </Panel>
    </Group>
  );
}

import { Tooltip, UnstyledButton } from '@mantine/core';
import { IconLayoutSidebarLeftCollapse, IconLayoutSidebarLeftExpand } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { places } from '../panels/registry.ts';
import css from './shell.module.css';
import { StackSwitcher } from './stack-switcher.tsx';
import { ThemeSwitch } from './theme-switch.tsx';

export function Rail({ narrow, onNarrow }: { narrow: boolean; onNarrow: (narrow: boolean) => void }) {
  const Fold = narrow ? IconLayoutSidebarLeftExpand : IconLayoutSidebarLeftCollapse;
  return (
    <nav className={css.rail} aria-label="Panels">
      <StackSwitcher />
      {places.map(({ to, word, icon: Icon }) => (
        <Tooltip key={to} label={word} position="right" disabled={!narrow}>
          <Link to={to} className={css.railLink} aria-label={word} activeOptions={{ exact: true, includeSearch: false }}>
            <Icon size={17} stroke={1.6} aria-hidden />
            <span className="cut">{word}</span>
          </Link>
        </Tooltip>
      ))}
      <div className={css.spring} />
      <ThemeSwitch />
      <UnstyledButton
        className={css.railLink}
        onClick={() => onNarrow(!narrow)}
        aria-label={narrow ? 'Widen the navigation' : 'Narrow the navigation'}
        visibleFrom="sm"
      >
        <Fold size={17} stroke={1.6} aria-hidden />
        <span className="cut">Collapse</span>
      </UnstyledButton>
    </nav>
  );
}

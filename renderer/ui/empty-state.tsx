import type { IconProps } from '@tabler/icons-react';
import type { ComponentType, ReactNode } from 'react';
import css from './empty-state.module.css';
import { CommandLine } from './problem.tsx';

interface EmptyStateProps {
  icon: ComponentType<IconProps>;
  /** One line of what this is. */
  line: string;
  /** The first useful act. */
  button?: ReactNode;
  /** The same by command. */
  example?: string;
}

export function EmptyState({ icon: Icon, line, button, example }: EmptyStateProps) {
  return (
    <div className={css.empty}>
      <Icon size={24} stroke={1.4} aria-hidden className={css.icon} />
      <div className={css.line}>{line}</div>
      {button}
      {example === undefined ? null : (
        <div className={css.example}>
          <span className="dim">or</span>
          <CommandLine command={example} />
        </div>
      )}
    </div>
  );
}

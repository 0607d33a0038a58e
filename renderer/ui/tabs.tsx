import { ActionIcon, Tooltip } from '@mantine/core';
import { IconPlus, type IconProps, IconX } from '@tabler/icons-react';
import { type ComponentType, type KeyboardEvent, useRef } from 'react';
import css from './tabs.module.css';

export interface PanelTab {
  id: string;
  label: string;
  icon?: ComponentType<IconProps>;
  /** Holds something that was not saved. */
  dirty?: boolean;
}

interface PanelTabsProps {
  label: string;
  tabs: readonly PanelTab[];
  active: string | null;
  onChange: (id: string) => void;
  onClose?: (id: string) => void;
  onAdd?: () => void;
}

/** Tabs of a panel: arrow keys move, Delete closes. */
export function PanelTabs({ label, tabs, active, onChange, onClose, onAdd }: PanelTabsProps) {
  const bar = useRef<HTMLDivElement>(null);
  const onKeyDown = (event: KeyboardEvent) => {
    const at = tabs.findIndex(({ id }) => id === active);
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step !== undefined) {
      const next = tabs[(at + step + tabs.length) % tabs.length];
      if (next) {
        event.preventDefault();
        onChange(next.id);
        bar.current?.querySelector<HTMLElement>(`[data-tab="${CSS.escape(next.id)}"]`)?.focus();
      }
    } else if (event.key === 'Delete' && active !== null && onClose) {
      event.preventDefault();
      onClose(active);
    }
  };
  return (
    <div className={css.bar} role="tablist" aria-label={label} ref={bar} onKeyDown={onKeyDown}>
      {tabs.map(({ id, label: name, icon: Icon, dirty }) => (
        <div key={id} className={css.tab} data-active={id === active || undefined}>
          <button
            type="button"
            role="tab"
            data-tab={id}
            aria-selected={id === active}
            tabIndex={id === active ? 0 : -1}
            className={css.name}
            title={name}
            onClick={() => onChange(id)}
            onAuxClick={(event) => {
              if (event.button === 1) onClose?.(id);
            }}
          >
            {Icon === undefined ? null : <Icon size={14} stroke={1.6} aria-hidden />}
            <span className="cut">{name}</span>
            {dirty ? <span className={css.dirty} title="Not saved" /> : null}
          </button>
          {onClose === undefined ? null : (
            <button type="button" className={css.close} aria-label={`Close ${name}`} tabIndex={-1} onClick={() => onClose(id)}>
              <IconX size={12} stroke={1.75} aria-hidden />
            </button>
          )}
        </div>
      ))}
      {onAdd === undefined ? null : (
        <Tooltip label="New tab">
          <ActionIcon size={24} aria-label="New tab" onClick={onAdd}>
            <IconPlus size={14} stroke={1.75} />
          </ActionIcon>
        </Tooltip>
      )}
    </div>
  );
}

import { Popover, UnstyledButton } from '@mantine/core';
import { IconInfoCircle } from '@tabler/icons-react';
import css from '../documents.module.css';
import { usePlace } from '../place.tsx';

/** What this server cannot do, said before someone looks for it. */
export function ServerNotes() {
  const { server } = usePlace();
  if (server === undefined) return null;
  if (server.lacks.length === 0) return <span className={css.program}>{server.program}</span>;
  return (
    <Popover position="bottom-end" width={320} shadow="md">
      <Popover.Target>
        <UnstyledButton className={css.program}>
          <IconInfoCircle size={14} stroke={1.75} aria-hidden />
          {server.program}: {server.lacks.length} things it lacks
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown className={css.lacks}>
        <p>{server.program} was asked. It has no</p>
        <ul>
          {server.lacks.map((lack) => (
            <li key={lack}>{lack}</li>
          ))}
        </ul>
        <p className="dim">What needs them is marked where it stands.</p>
      </Popover.Dropdown>
    </Popover>
  );
}

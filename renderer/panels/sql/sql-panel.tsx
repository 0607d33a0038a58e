import { useSearch } from '@tanstack/react-router';
import { ServiceGate } from '../../ui/service-gate.tsx';
import { Workspace } from './workspace.tsx';

/** Into PostgreSQL: its schema, rows that can be edited, statements and what they give, plans and diagrams. */
export function SqlPanel() {
  const search = useSearch({ from: '/sql' });
  return (
    <ServiceGate kind="postgres" service={search.service}>
      {(service) => <Workspace service={service} />}
    </ServiceGate>
  );
}

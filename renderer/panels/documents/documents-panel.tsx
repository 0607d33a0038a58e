import { useSearch } from '@tanstack/react-router';
import { ServiceGate } from '../../ui/service-gate.tsx';

export function DocumentsPanel() {
  const search = useSearch({ from: '/documents' });
  return (
    <ServiceGate kind="mongodb" service={search.service}>
      {(service) => <div>{service}</div>}
    </ServiceGate>
  );
}

import { useSearch } from '@tanstack/react-router';
import { ServiceGate } from '../../ui/service-gate.tsx';

export function SqlPanel() {
  const search = useSearch({ from: '/sql' });
  return (
    <ServiceGate kind="postgres" service={search.service}>
      {(service) => <div>{service}</div>}
    </ServiceGate>
  );
}

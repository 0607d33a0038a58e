import { useSearch } from '@tanstack/react-router';
import { ServiceGate } from '../../ui/service-gate.tsx';

export function CachePanel() {
  const search = useSearch({ from: '/cache' });
  return (
    <ServiceGate kind="redis" service={search.service}>
      {(service) => <div>{service}</div>}
    </ServiceGate>
  );
}

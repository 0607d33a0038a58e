import { useSearch } from '@tanstack/react-router';
import { ServiceGate } from '../../ui/service-gate.tsx';

export function TopicsPanel() {
  const search = useSearch({ from: '/topics' });
  return (
    <ServiceGate kind="pulsar" service={search.service}>
      {(service) => <div>{service}</div>}
    </ServiceGate>
  );
}

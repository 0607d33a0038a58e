import { useSearch } from '@tanstack/react-router';
import { ServiceGate } from '../../ui/service-gate.tsx';

export function MetricsPanel() {
  const search = useSearch({ from: '/metrics' });
  return (
    <ServiceGate kind="influxdb" service={search.service}>
      {(service) => <div>{service}</div>}
    </ServiceGate>
  );
}

import { useSearch } from '@tanstack/react-router';

export function TracePanel() {
  const { id } = useSearch({ from: '/trace' });
  return <div>{id}</div>;
}

import { z } from 'zod';

/** The servers Noodlebox knows; any other container of a stack is run and shown without a panel. */
export const serviceKindNames = ['postgres', 'redis', 'pulsar', 'mongodb', 'influxdb'] as const;
export const ServiceKindName = z.enum(serviceKindNames);
export type ServiceKindName = z.infer<typeof ServiceKindName>;

import { z } from 'zod';

/** The servers Noodlebox knows; any other container of a stack is run and shown without a panel. */
export const serviceKindNames = ['postgres', 'redis', 'pulsar', 'mongodb', 'influxdb'] as const;
export const ServiceKindName = z.enum(serviceKindNames);
export type ServiceKindName = z.infer<typeof ServiceKindName>;

/** The data panels, each for one kind of server. */
export const panelNames = ['sql', 'cache', 'topics', 'documents', 'metrics'] as const;
export const PanelName = z.enum(panelNames);
export type PanelName = z.infer<typeof PanelName>;

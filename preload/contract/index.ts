export * from './contract.ts';
export * from './kinds.ts';
export * from './models.ts';

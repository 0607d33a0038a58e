/** Masks for the stack's own schema. They hold where such a field is; what a person writes goes before. */
import type { Mask } from '../mask/mask.ts';
import type { MaskRule } from './rules.ts';

const [email, name, phone, password, text] = (['email', 'name', 'phone', 'password', 'text'] as const).map((kind): Mask => ({ kind })) as [
  Mask,
  Mask,
  Mask,
  Mask,
  Mask,
];

const places: readonly (readonly [MaskRule['kind'], string, Readonly<Record<string, Mask>>])[] = [
  ['postgres', 'users', { username: name, email, password_hash: password, first_name: name, last_name: name, phone }],
  ['postgres', 'projects', { description: text }],
  ['redis', 'session:*', { username: name, ip_address: text, email }],
  ['mongodb', 'user_profiles', { display_name: name, bio: text, location: text, email, phone }],
  ['mongodb', 'project_documents', { content: text }],
];

export const builtinMasks: readonly MaskRule[] = places.flatMap(([kind, place, fields]) =>
  Object.entries(fields).map(([field, mask]): MaskRule => ({ kind, place, field, mask, written: undefined })),
);

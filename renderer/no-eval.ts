/** Imported before any schema is made: those compiled by eval are quicker, and what the window's content policy is there to forbid. */
import { config } from 'zod';

config({ jitless: true });

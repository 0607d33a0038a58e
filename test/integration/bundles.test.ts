/** Bundles on real servers: exactly what some ids reach, masked alike everywhere, and a new stack made of it or nothing at all. */
import { afterAll, beforeAll } from 'vitest';
import { begin, end } from './bundles/bed.ts';
import { brokenBundles } from './bundles/broken.ts';
import { bundlesOnComposeFiles } from './bundles/compose.ts';
import { bundlesThroughDoors } from './bundles/doors.ts';
import { bundlesOfForeignServers } from './bundles/foreign.ts';
import { bundlesOfIds } from './bundles/of-ids.ts';
import { bundlesThroughTls } from './bundles/tls.ts';

beforeAll(begin);
afterAll(end);

bundlesOfIds();
bundlesOfForeignServers();
bundlesThroughTls();
bundlesThroughDoors();
bundlesOnComposeFiles();
brokenBundles();

/** The ceiling in a process of its own; the bodies come as JSON in the file that BODIES names. */
import { readFileSync } from 'node:fs';
import { createCeiling } from './server.js';

const bodies = JSON.parse(readFileSync(process.env['BODIES'] ?? '', 'utf8')) as string[];
createCeiling(bodies).listen(Number(process.env['PORT']), '127.0.0.1');

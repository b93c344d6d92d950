/** The baseline in a process of its own. */
import { createPlain } from './server.js';

const server = await createPlain(process.env['LINODE_API_URL'] ?? '');
server.listen(Number(process.env['PORT']), '127.0.0.1');

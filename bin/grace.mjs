#!/usr/bin/env node
// A fixed entry: npx caches the link to it, so it only registers the TypeScript loader and hands over.
import { register } from 'tsx/esm/api';

register();
const { run } = await import('../cli/main.ts');
process.exitCode = await run(process.argv.slice(2));

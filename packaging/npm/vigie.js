#!/usr/bin/env node
// Starts the program of this platform's package. Nothing is downloaded here.
'use strict';
const { spawnSync } = require('node:child_process');

const name = `@vigie/${process.platform}-${process.arch}`;
let program;
try {
  program = require.resolve(`${name}/bin/vigie`);
} catch {
  console.error(`error: there is no vigie for ${process.platform} ${process.arch} here`);
  console.error(`hint: \`npm install ${name}\`, if it exists; \`--omit=optional\` leaves it out`);
  process.exit(2);
}
const { status, signal, error } = spawnSync(program, process.argv.slice(2), { stdio: 'inherit' });
if (error) {
  console.error(`error: could not start \`${program}\`: ${error.message}`);
  process.exit(2);
}
if (signal) process.kill(process.pid, signal);
process.exit(status ?? 2);

// `command: setup`: `nodeploy` on the PATH of the steps that follow, without an installation.
import {chmodSync, copyFileSync, mkdtempSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import * as core from '@actions/core';

/** The program is started by the Node that runs this action: the runner has it, whatever the job has installed. */
export async function setUp(cli) {
  const folder = mkdtempSync(join(process.env.RUNNER_TEMP || tmpdir(), 'nodeploy-'));
  const program = join(folder, 'nodeploy.cjs');
  copyFileSync(cli, program);
  copyFileSync(join(dirname(cli), 'nodeploy-page.cjs'), join(folder, 'nodeploy-page.cjs'));
  writeFileSync(join(folder, 'nodeploy'), `#!/bin/sh\nexec ${shell(process.execPath)} ${shell(program)} "$@"\n`);
  chmodSync(join(folder, 'nodeploy'), 0o755);
  if (process.platform === 'win32') writeFileSync(join(folder, 'nodeploy.cmd'), `@"${process.execPath}" "${program}" %*\r\n`);
  core.addPath(folder);
  core.info('nodeploy is on the PATH of the steps that follow');
}

const shell = path => `'${path.replaceAll('\\', '/').replaceAll("'", `'\\''`)}'`;

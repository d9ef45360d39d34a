// How much is downloaded: the module, raw and compressed, and the package as npm packs it.
import {execSync} from 'node:child_process';
import {readFileSync, statSync} from 'node:fs';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import {brotliCompressSync, gzipSync} from 'node:zlib';
import {folder, row} from './report.mjs';
import {CODE, DATA, sections} from '../tools/sections.mjs';

const npm = fileURLToPath(new URL('../../npm/', import.meta.url));
const kilobytes = bytes => `${(bytes / 1000).toFixed(1)} KB`;
const limited = (what, bytes, limit) => row({what, measured: kilobytes(bytes), limit: `${limit} KB`, used: bytes / 1000 / limit});

const module = readFileSync(path.join(npm, 'wasm', 'freeze_bg.wasm'));
row({what: 'the .wasm', measured: kilobytes(module.length)});
limited('the .wasm, gzip -9', gzipSync(module, {level: 9}).length, 480);
for (const {id, content} of sections(module).filter(({id}) => id === CODE || id === DATA)) {
  row({what: `  of it ${id === CODE ? 'code' : 'data: time zones, names, texts'}, gzip -9`, measured: kilobytes(gzipSync(content, {level: 9}).length)});
}
row({what: 'the .wasm, brotli', measured: kilobytes(brotliCompressSync(module).length)});

const one = readFileSync(path.join(npm, 'nodeploy.cjs'));
row({what: 'nodeploy.cjs', measured: kilobytes(one.length)});
row({what: 'nodeploy.cjs, gzip -9', measured: kilobytes(gzipSync(one, {level: 9}).length)});
limited('nodeploy-page.cjs, gzip -9', gzipSync(readFileSync(path.join(npm, 'nodeploy-page.cjs')), {level: 9}).length, 60);

// Through a shell: npm is a script on Windows.
const packed = execSync(`npm pack --json --pack-destination "${folder}"`, {cwd: npm, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore']});
const [{filename, entryCount}] = JSON.parse(packed);
limited(`the tarball, ${entryCount} files`, statSync(path.join(folder, filename)).size, 2200);

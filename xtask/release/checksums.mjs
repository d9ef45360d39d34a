// `checksums.mjs FOLDER NAME`: writes FOLDER/NAME, the SHA-256 of every other file there, as `sha256sum --check` reads them.
import {createHash} from 'node:crypto';
import {readdirSync, readFileSync, writeFileSync} from 'node:fs';
import path from 'node:path';

const [folder, own] = process.argv.slice(2);
const sum = name => createHash('sha256').update(readFileSync(path.join(folder, name))).digest('hex');
const names = readdirSync(folder).filter(name => name !== own).sort();
writeFileSync(path.join(folder, own), names.map(name => `${sum(name)}  ${name}\n`).join(''));

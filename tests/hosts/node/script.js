// What a runner in JavaScript does with a script.
import {readFileSync, writeFileSync} from 'node:fs';

export async function runScript(ask) {
  const [, script, output] = process.argv.slice(2);
  const lines = readFileSync(script, 'utf8').trimEnd().split('\n');
  const answers = [];
  const times = [];
  for (let line of lines) {
    if (line.startsWith('again ')) line = lines[line.slice(6) - 1];
    const [name, argument] = line.split(' ');
    const input = argument.startsWith('@') ? readFileSync(argument.slice(1)) : Buffer.from(argument, 'base64');
    const begun = process.hrtime.bigint();
    try {
      const answer = await ask(name, input);
      times.push(process.hrtime.bigint() - begun);
      answers.push('=', Buffer.from(answer), '\n');
    } catch (error) {
      answers.push('!', error.message.replaceAll('\n', ' '), '\n');
    }
  }
  writeFileSync(output, Buffer.concat(answers.map(part => Buffer.from(part))));
  if (times.length === 0) throw new Error(`no call was answered; the first: ${answers.slice(0, 2).join('')}`);
  console.log(Number(times.sort((a, b) => (a < b ? -1 : 1))[times.length >> 1] / 1000n));
}

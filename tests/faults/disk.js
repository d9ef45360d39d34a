// The local Koslis of these tests run in their process, whose power nobody cuts: a disk on which something else is built may take
// seconds to be done with a write, and a Kosli that keeps silent for one is a fault here.
import fs from 'node:fs';

fs.fsync = (descriptor, done) => process.nextTick(done, null);

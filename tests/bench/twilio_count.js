// Microseconds that Twilio's calculator takes for all texts once: the median of some rounds.
// In: {"texts": [...], "rounds": N}; out: one number.
const { SegmentedMessage } = require('../oracles/node_modules/sms-segments-calculator');

const { texts, rounds } = JSON.parse(require('fs').readFileSync(0, 'utf8'));
const taken = [];
for (let round = 0; round <= rounds; round += 1) {
  const start = process.hrtime.bigint();
  for (const text of texts) {
    if (new SegmentedMessage(text, 'auto').segmentsCount < 1) throw new Error('no segments');
  }
  taken.push(Number(process.hrtime.bigint() - start) / 1000);
}
taken.shift(); // the first round compiles
taken.sort((one, other) => one - other);
console.log(taken[Math.floor(taken.length / 2)]);

// What Twilio's calculator says of each text: one JSON string a line in, one JSON array a line out:
// its encoding, and the bits of text in each segment, without header.
const { SegmentedMessage } = require('sms-segments-calculator');

const lines = require('fs').readFileSync(0, 'utf8').split('\n');
lines.pop();
for (const line of lines) {
  const message = new SegmentedMessage(JSON.parse(line), 'auto');
  const bits = message.segments.map((segment) => segment.messageSizeInBits());
  console.log(JSON.stringify([message.encodingName, bits]));
}

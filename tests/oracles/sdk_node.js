// Reads one JSON object a line (library, auth, message), sends it with @vonage/sms or nexmo, and answers with
// one line each. Run by test_sdk_node.py.
"use strict";
const readline = require("node:readline");
const { SMS } = require("@vonage/sms");
const { Auth } = require("@vonage/auth");
const Nexmo = require("nexmo");

async function send({ library, port, auth, message }) {
  try {
    if (library === "@vonage/sms") {
      const sms = new SMS(new Auth(auth), { restHost: `http://127.0.0.1:${port}` });
      const answer = await sms.send(message);
      return { statuses: answer.messages.map((part) => part.status), first: answer.messages[0] };
    }
    const nexmo = new Nexmo(auth, { restHost: "127.0.0.1", port });
    const { from, to, text, ...options } = message;
    return await new Promise((resolve) => {
      nexmo.message.sendSms(from, to, text, options, (error, answer) => {
        const said = answer || (error && error.messages && error);
        if (!said) resolve({ error: error.message || JSON.stringify(error) });
        else resolve({ statuses: said.messages.map((part) => part.status), first: said.messages[0] });
      });
    });
  } catch (error) {
    const parts = error.response && error.response.messages;
    return { error: error.constructor.name, said: error.message, statuses: parts && parts.map((part) => part.status) };
  }
}

(async () => {
  for await (const line of readline.createInterface({ input: process.stdin })) {
    console.log(JSON.stringify(await send(JSON.parse(line))));
  }
})();

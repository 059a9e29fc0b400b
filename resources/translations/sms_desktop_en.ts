<?xml version='1.0' encoding='utf-8'?>
<TS version="2.1" sourcelanguage="en" language="en">
 <context>
  <name>AccountsDialog</name>
  <message numerus="yes">
   <source>%n field(s) need a look</source>
   <translation>
    <numerusform>%n field need a look</numerusform>
    <numerusform>%n fields need a look</numerusform>
   </translation>
  </message>
 </context>
 <context>
  <name>BinarySheet</name>
  <message numerus="yes">
   <source>%n element(s)</source>
   <translation>
    <numerusform>%n element</numerusform>
    <numerusform>%n elements</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>%n octet(s)</source>
   <translation>
    <numerusform>%n octet</numerusform>
    <numerusform>%n octets</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>Read from %1 as it is, %n octet(s).</source>
   <translation>
    <numerusform>Read from %1 as it is, %n octet.</numerusform>
    <numerusform>Read from %1 as it is, %n octets.</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>Read from %1: hexadecimal, %n octet(s).</source>
   <translation>
    <numerusform>Read from %1: hexadecimal, %n octet.</numerusform>
    <numerusform>Read from %1: hexadecimal, %n octets.</numerusform>
   </translation>
  </message>
 </context>
 <context>
  <name>BrowsePage</name>
  <message numerus="yes">
   <source>and %n more</source>
   <translation>
    <numerusform>and %n more</numerusform>
    <numerusform>and %n more</numerusform>
   </translation>
  </message>
 </context>
 <context>
  <name>Bubble</name>
  <message numerus="yes">
   <source>%n part(s)</source>
   <translation>
    <numerusform>%n part</numerusform>
    <numerusform>%n parts</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>waited %n min</source>
   <translation>
    <numerusform>waited %n min</numerusform>
    <numerusform>waited %n min</numerusform>
   </translation>
  </message>
 </context>
 <context>
  <name>Card</name>
  <message numerus="yes">
   <source>%n octet(s)</source>
   <translation>
    <numerusform>%n octet</numerusform>
    <numerusform>%n octets</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>%n part(s)</source>
   <translation>
    <numerusform>%n part</numerusform>
    <numerusform>%n parts</numerusform>
   </translation>
  </message>
 </context>
 <context>
  <name>Characters</name>
  <message numerus="yes">
   <source>%n unit(s)</source>
   <translation>
    <numerusform>%n unit</numerusform>
    <numerusform>%n units</numerusform>
   </translation>
  </message>
 </context>
 <context>
  <name>ComposePane</name>
  <message numerus="yes">
   <source>Send %n part(s)</source>
   <translation>
    <numerusform>Send %n part</numerusform>
    <numerusform>Send %n parts</numerusform>
   </translation>
  </message>
 </context>
 <context>
  <name>ContactFiles</name>
  <message numerus="yes">
   <source>%n contact(s) taken in</source>
   <translation>
    <numerusform>%n contact taken in</numerusform>
    <numerusform>%n contacts taken in</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>%n contact(s) written</source>
   <translation>
    <numerusform>%n contact written</numerusform>
    <numerusform>%n contacts written</numerusform>
   </translation>
  </message>
 </context>
 <context>
  <name>ConversationList</name>
  <message numerus="yes">
   <source>%n unread</source>
   <translation>
    <numerusform>%n unread</numerusform>
    <numerusform>%n unread</numerusform>
   </translation>
  </message>
 </context>
 <context>
  <name>Cures</name>
  <message numerus="yes">
   <source>%1 and %n more are not in GSM-7</source>
   <translation>
    <numerusform>%1 and %n more are not in GSM-7</numerusform>
    <numerusform>%1 and %n more are not in GSM-7</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>%n part(s)</source>
   <translation>
    <numerusform>%n part</numerusform>
    <numerusform>%n parts</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>Replace %n</source>
   <translation>
    <numerusform>Replace %n</numerusform>
    <numerusform>Replace %n</numerusform>
   </translation>
  </message>
 </context>
 <context>
  <name>ExportStrip</name>
  <message numerus="yes">
   <source>%n message(s) written</source>
   <translation>
    <numerusform>%n message written</numerusform>
    <numerusform>%n messages written</numerusform>
   </translation>
  </message>
 </context>
 <context>
  <name>Figures</name>
  <message numerus="yes">
   <source>%n part(s)</source>
   <translation>
    <numerusform>%n part</numerusform>
    <numerusform>%n parts</numerusform>
   </translation>
  </message>
 </context>
 <context>
  <name>ForgetDialog</name>
  <message numerus="yes">
   <source>Removing; %n message(s) so far</source>
   <translation>
    <numerusform>Removing; %n message so far</numerusform>
    <numerusform>Removing; %n messages so far</numerusform>
   </translation>
  </message>
 </context>
 <context>
  <name>Guard</name>
  <message numerus="yes">
   <source>%n part(s)</source>
   <translation>
    <numerusform>%n part</numerusform>
    <numerusform>%n parts</numerusform>
   </translation>
  </message>
 </context>
 <context>
  <name>HexField</name>
  <message numerus="yes">
   <source>Read as base64, %n octet(s).</source>
   <translation>
    <numerusform>Read as base64, %n octet.</numerusform>
    <numerusform>Read as base64, %n octets.</numerusform>
   </translation>
  </message>
 </context>
 <context>
  <name>LinkDrafts</name>
  <message numerus="yes">
   <source>%n more number(s) in this link.</source>
   <translation>
    <numerusform>%n more number in this link.</numerusform>
    <numerusform>%n more numbers in this link.</numerusform>
   </translation>
  </message>
 </context>
 <context>
  <name>LintLine</name>
  <message numerus="yes">
   <source>and %n more</source>
   <translation>
    <numerusform>and %n more</numerusform>
    <numerusform>and %n more</numerusform>
   </translation>
  </message>
 </context>
 <context>
  <name>MissingPage</name>
  <message numerus="yes">
   <source>And %n more range(s).</source>
   <translation>
    <numerusform>And %n more range.</numerusform>
    <numerusform>And %n more ranges.</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>Going on behind %n hole(s).</source>
   <translation>
    <numerusform>Going on behind %n hole.</numerusform>
    <numerusform>Going on behind %n holes.</numerusform>
   </translation>
  </message>
 </context>
 <context>
  <name>OctetMeter</name>
  <message numerus="yes">
   <source>%n part(s)</source>
   <translation>
    <numerusform>%n part</numerusform>
    <numerusform>%n parts</numerusform>
   </translation>
  </message>
 </context>
 <context>
  <name>PartMapStrip</name>
  <message numerus="yes">
   <source>End of the text · %n unit(s) left in this part</source>
   <translation>
    <numerusform>End of the text · %n unit left in this part</numerusform>
    <numerusform>End of the text · %n units left in this part</numerusform>
   </translation>
  </message>
 </context>
 <context>
  <name>Removal</name>
  <message numerus="yes">
   <source>%n message(s) that wait are not sent without it.</source>
   <translation>
    <numerusform>%n message that wait are not sent without it.</numerusform>
    <numerusform>%n messages that wait are not sent without it.</numerusform>
   </translation>
  </message>
 </context>
 <context>
  <name>RequestDock</name>
  <message numerus="yes">
   <source>%n requests, sent in this order.</source>
   <translation>
    <numerusform>%n requests, sent in this order.</numerusform>
    <numerusform>%n requests, sent in this order.</numerusform>
   </translation>
  </message>
 </context>
 <context>
  <name>RetentionPage</name>
  <message numerus="yes">
   <source>%n message(s)</source>
   <translation>
    <numerusform>%n message</numerusform>
    <numerusform>%n messages</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>%n message(s) removed.</source>
   <translation>
    <numerusform>%n message removed.</numerusform>
    <numerusform>%n messages removed.</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>Keep messages for %n day(s)?</source>
   <translation>
    <numerusform>Keep messages for %n day?</numerusform>
    <numerusform>Keep messages for %n days?</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>Nothing is older than %n day(s).</source>
   <translation>
    <numerusform>Nothing is older than %n day.</numerusform>
    <numerusform>Nothing is older than %n days.</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>Remove %n message(s) now?</source>
   <translation>
    <numerusform>Remove %n message now?</numerusform>
    <numerusform>Remove %n messages now?</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>Saved: messages are kept for %n day(s).</source>
   <translation>
    <numerusform>Saved: messages are kept for %n day.</numerusform>
    <numerusform>Saved: messages are kept for %n days.</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>They are older than %n day(s). This cannot be undone.</source>
   <translation>
    <numerusform>They are older than %n day. This cannot be undone.</numerusform>
    <numerusform>They are older than %n days. This cannot be undone.</numerusform>
   </translation>
  </message>
 </context>
 <context>
  <name>SearchPage</name>
  <message numerus="yes">
   <source>%n message(s)</source>
   <translation>
    <numerusform>%n message</numerusform>
    <numerusform>%n messages</numerusform>
   </translation>
  </message>
 </context>
 <context>
  <name>SendButton</name>
  <message numerus="yes">
   <source>%n part(s)</source>
   <translation>
    <numerusform>%n part</numerusform>
    <numerusform>%n parts</numerusform>
   </translation>
  </message>
 </context>
 <context>
  <name>SimulatorDock</name>
  <message numerus="yes">
   <source>%n message(s) taken</source>
   <translation>
    <numerusform>%n message taken</numerusform>
    <numerusform>%n messages taken</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>%n webhook(s) on the way</source>
   <translation>
    <numerusform>%n webhook on the way</numerusform>
    <numerusform>%n webhooks on the way</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>The carrier has sent %n receipt(s).</source>
   <translation>
    <numerusform>The carrier has sent %n receipt.</numerusform>
    <numerusform>The carrier has sent %n receipts.</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>The phone has written: %n part(s) on the way.</source>
   <translation>
    <numerusform>The phone has written: %n part on the way.</numerusform>
    <numerusform>The phone has written: %n parts on the way.</numerusform>
   </translation>
  </message>
 </context>
 <context>
  <name>StorePage</name>
  <message numerus="yes">
   <source>%n conversation(s)</source>
   <translation>
    <numerusform>%n conversation</numerusform>
    <numerusform>%n conversations</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>%n difference(s) found.</source>
   <translation>
    <numerusform>%n difference found.</numerusform>
    <numerusform>%n differences found.</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>%n message(s)</source>
   <translation>
    <numerusform>%n message</numerusform>
    <numerusform>%n messages</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>%n row(s) differed, and follow now from their evidence.</source>
   <translation>
    <numerusform>%n row differed, and follow now from their evidence.</numerusform>
    <numerusform>%n rows differed, and follow now from their evidence.</numerusform>
   </translation>
  </message>
 </context>
 <context>
  <name>StoreReport</name>
  <message numerus="yes">
   <source>%n place(s) not readable</source>
   <translation>
    <numerusform>%n place not readable</numerusform>
    <numerusform>%n places not readable</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>%n row(s)</source>
   <translation>
    <numerusform>%n row</numerusform>
    <numerusform>%n rows</numerusform>
   </translation>
  </message>
 </context>
 <context>
  <name>Suggestions</name>
  <message numerus="yes">
   <source>%n part(s)</source>
   <translation>
    <numerusform>%n part</numerusform>
    <numerusform>%n parts</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>Replace all %n</source>
   <translation>
    <numerusform>Replace all %n</numerusform>
    <numerusform>Replace all %n</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>Shorten it by %n unit(s)</source>
   <translation>
    <numerusform>Shorten it by %n unit</numerusform>
    <numerusform>Shorten it by %n units</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>Take out all %n hidden characters</source>
   <translation>
    <numerusform>Take out all %n hidden characters</numerusform>
    <numerusform>Take out all %n hidden characters</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>saves %n part(s)</source>
   <translation>
    <numerusform>saves %n part</numerusform>
    <numerusform>saves %n parts</numerusform>
   </translation>
  </message>
 </context>
 <context>
  <name>Timeline</name>
  <message numerus="yes">
   <source>%n new message(s)</source>
   <translation>
    <numerusform>%n new message</numerusform>
    <numerusform>%n new messages</numerusform>
   </translation>
  </message>
 </context>
 <context>
  <name>TimelineAccess</name>
  <message numerus="yes">
   <source>%n new message(s) from %1</source>
   <translation>
    <numerusform>%n new message from %1</numerusform>
    <numerusform>%n new messages from %1</numerusform>
   </translation>
  </message>
 </context>
 <context>
  <name>UndoStrip</name>
  <message numerus="yes">
   <source>Sends in %n s</source>
   <translation>
    <numerusform>Sends in %n s</numerusform>
    <numerusform>Sends in %n s</numerusform>
   </translation>
  </message>
 </context>
</TS>
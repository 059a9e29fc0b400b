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
   <source>All of it fits GSM-7: %n part(s)</source>
   <translation>
    <numerusform>All of it fits GSM-7: %n part</numerusform>
    <numerusform>All of it fits GSM-7: %n parts</numerusform>
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
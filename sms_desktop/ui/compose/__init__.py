"""Where a message is written: kind tabs, editor, meter, sender, Send. One pane under the timeline."""

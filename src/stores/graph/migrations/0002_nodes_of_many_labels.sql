-- A node is looked for by each of its labels, the main one has an index already.
CREATE INDEX node_of_many_labels ON node (key) WHERE shown > 0 AND json_array_length(labels) > 1;

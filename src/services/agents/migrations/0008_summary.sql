-- A summary is made from the turns when a language model is to be told it.
DROP TABLE summary;

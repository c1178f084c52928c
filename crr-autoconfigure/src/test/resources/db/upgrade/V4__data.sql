UPDATE item SET amount = amount + 1 WHERE amount > 100;
DELETE FROM item WHERE id = 'doomed';

"""How sure a number is: gradients, intervals and the scales they are taken on."""

"""The course's colours: the same thing has the same colour in every picture, box and page.

Blue is y = 1 and vermilion is y = 0, told apart by line style and a direct label as well; purple
is a slope. Black is the present state, grey what stays for comparison.
"""

BLUE, VERMILION, SLOPE = "#0072B2", "#D55E00", "#8E4585"
TEAL, OCHRE = "#007A5A", "#8F6400"  # two further things in one picture
COLOURS = {1: BLUE, 0: VERMILION}
LINES = {1: "-", 0: (0, (6, 2))}

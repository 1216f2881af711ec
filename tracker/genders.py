"""Whether "he" or "she" stands for somebody, by a title or a first name, where one as good as tells. Pure."""

from __future__ import annotations

_FEMALE_TITLES = frozenset(
    """
    actress baroness businesswoman chairwoman congresswoman councilwoman dame duchess lady miss mother mrs ms mum
    policewoman princess queen sister spokeswoman
    """.split()
)
_MALE_TITLES = frozenset(
    """
    actor alderman baron brother businessman chairman congressman councilman duke father fr king lord mr policeman
    pope prince salesman sir spokesman
    """.split()
)
_FEMALE = frozenset(
    """
    abigail agnes agnieszka aisha alexandra alexis alice alison amal amanda amara amber amelia amy ana anastasia
    andrea angela angelica angelina anita anja ann anna anne anneliese annette annie annika antonia ashley astrid
    audrey ava barbara barbro beatrice beatriz becky bella bernadette bethany betsy betty beverly bonnie brenda
    bridget brigitte brittany camille candace carla carly carmen carol carole caroline carolyn cassandra catalina
    catherine cecilia celeste charlotte chelsea cheryl chiara chidinma chloe christina christine cindy claire clara
    claudia colleen connie cora cristina cynthia dana danielle daphne darlene deborah debra deepa denise diana diane
    dina dolores donna doris dorothy edith elaine eleanor elena elise eliza elizabeth ella ellen ellie elsa emilia
    emily emma erica erin esther eva evelyn fatima felicity fiona florence frances francesca freya gabriela gail
    gemma georgina geraldine gillian gina ginger giorgia giselle giulia gladys glenda gloria grace greta gwen hanna
    hannah harriet hazel heather heidi helen helena helga henrike hilary hillary ida ilhan imogen ines inga ingrid
    irene irina isabel isabella isabelle ivanka ivy jacinda jacqueline jana jane janet janice jasmine jean jeanne
    jelena jennifer jenny jessica jill joan joanna joanne jodie johanna josephine joyce juanita judith judy julia
    julianne julie juliet kaja kamala karen karin katarzyna kate katharine katherine kathleen kathryn kathy katie
    kayla kelly kimberly kirsten kirsty kristen kristin kristina laila lara laura lauren leah leila lena leonor lin
    linda lisa lisbeth liz lois lola lori lorna lorraine louisa louise lucia lucille lucy lydia mabel madeleine
    madison maggie malala mandy marcela margaret margarita margaux margot maria mariana marianne marie marilyn
    marina marine marion marisol marit marjorie marlene marta martha mary mathilde matilda maureen maxine meera
    megan mei melania melissa mercedes meredith mette mia michele michelle mildred minnie miranda miriam moira molly
    mona monique nadia nadine nancy naomi nasreen natalia natalie natasha nell ngozi nicola nicole nikki nina nora
    norma nusrat odette olga olivia pamela patricia patsy paula pauline peggy penelope penny petra philippa phoebe
    polly preeti priscilla priti priya rachael rachel ramona rebecca rebekah regina rhiannon rhonda rita roberta
    rosa rosalind rosemary roswitha rowena roxanne ruth sabrina sadie sakura sally samantha samira sandra sanna sara
    sarah selena selma shabana sharon shauna sheila shelly shirley sienna sigrid silvia simone sinead siobhan sofia
    sonia sophia sophie stacey stella stephanie sue suella sunita susan susanne suzanne svetlana sylvia tamara tammy
    tanya tara tatiana teresa tessa theresa tina tracy ulrike ursula valerie vanessa vera veronica victoria viola
    virginia viviane wanda wendy wilma winnie yasmin yolanda yuki yvette yvonne zainab zara zoe zofia
    """.split()
)
_MALE = frozenset(
    """
    aaron abdullah adam adrian ahmed alan albert alejandro alexander alfred ali allan anders andreas andrew andrzej
    andy anthony antonio arjun arnold arthur austin barack barrie barry ben benjamin bernard bernie bill billy bob
    bobby bogdan boris brad brandon brendan brian bruce bryan burkhard callum carl carlos charles charlie chidi
    christian christopher chuck colin craig dan daniel dave david dean declan dennis derek desmond dick diego dmitry
    dominic don donald doug douglas duarte duncan dylan earl ed eddie edward elijah elon emeka emmanuel eric erik
    ernest ethan eugene evan felix fernando francisco frank françois fred frederick friedrich gabriel gareth gary
    gavin geoffrey george gerald gethin giovanni gordon graham greg gregory guy hans harold harry hassan henrik
    henry herbert hiroshi howard hugh hugo hussein ian ibrahim igor imran isaac ivan jack jacob jair james jared
    jarek jason javier jean-luc jeff jeffrey jens jeremy jerry jesse jim jimmy joao joe joel john johnny jonah
    jonathan jorge jose joseph josh joshua juan julian justin jürgen karl keir keith ken kenji kenneth kevin khalid
    klaus kofi kurt kwabena kwame kyle lachlan larry lars lawrence leo leonard leopold liam logan louis luc luca
    luis luke magnus malcolm manuel marco marcus marek mario mark martin mateo matt matteo matthew max michael
    miguel mike mikhail mitch mitt mohamed mohammed muhammad nathan neil niall nicholas nick nicolas nigel noah noel
    olaf oleksandr oliver oluwaseun omar oscar otto owen pablo patrick paul pavel pedro pete peter phil philip
    pierre piotr rafael rajesh ralph ramon randy ray raymond recep rhys richard rick rishi robert roberto rodney
    roger roland ron ronald rory roy royce ruben rudolf rudy rui russell ryan sadiq salman sam samuel sanjay scott
    sean sergei simon stefan stephen steve steven stuart sven tariq ted terry theodore thomas tim timothy toby todd
    tom tomas tommy tony torsten travis tunde tyler ulrich victor vikram viktor vincent vladimir volodymyr walter
    warren wayne william willie winston wolfgang xavier yusuf zachary
    """.split()
)


def gender_by(title: str | None) -> str | None:
    """Return "f" or "m" for a folded title that tells, None for one that does not."""
    if title in _FEMALE_TITLES:
        return "f"
    return "m" if title in _MALE_TITLES else None


def gender_of(first: str) -> str | None:
    """Return "f" or "m" for a folded first name that tells, None for one that does not."""
    if first in _FEMALE:
        return "f"
    likely = first.endswith("o") and not first.endswith(("ko", "yo"))  # Evaristo, not Akiko
    return "m" if first in _MALE or likely else None


def is_first_name(word: str) -> bool:
    """Tell whether a folded word is known as a first name."""
    return word in _FEMALE or word in _MALE

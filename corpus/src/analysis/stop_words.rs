//! Stop words: what a query says without meaning it.
//!
//! Never left out of the index (a quotation needs them); in a best match they
//! are no clauses of their own while the query has better ones. Folded, sorted
//! by bytes.

/// Returns whether a folded Russian or English word says little about what is sought.
pub fn is_stop_word(word: &str) -> bool {
    WORDS.binary_search(&word).is_ok()
}

/// Returns whether two folded Han characters say little about what is sought:
/// a question word, or two characters of grammar.
pub fn is_stop_bigram(bigram: &str) -> bool {
    BIGRAMS.binary_search(&bigram).is_ok() || bigram.chars().all(is_stop_character)
}

/// Returns whether a folded Han character is, most of the time, grammar.
pub fn is_stop_character(character: char) -> bool {
    CHARACTERS.contains(character)
}

/// English and Russian.
static WORDS: [&str; 268] = [
    "a", "about", "above", "after", "again", "against", "all", "also", "am", "an", "and", "any", "are", "as", "at",
    "be", "because", "been", "before", "being", "below", "between", "both", "but", "by", "can", "could", "did", "do",
    "does", "doing", "down", "during", "each", "few", "for", "from", "further", "had", "has", "have", "having", "he",
    "her", "here", "hers", "him", "his", "how", "i", "if", "in", "into", "is", "it", "its", "itself", "just", "may",
    "me", "might", "more", "most", "must", "my", "no", "nor", "not", "now", "of", "off", "on", "once", "only", "or",
    "other", "our", "ours", "out", "over", "own", "s", "same", "shall", "she", "should", "so", "some", "such", "t",
    "than", "that", "the", "their", "theirs", "them", "themselves", "then", "there", "these", "they", "this", "those",
    "through", "to", "too", "under", "until", "up", "upon", "us", "very", "was", "we", "were", "what", "when",
    "where", "which", "while", "who", "whom", "whose", "why", "will", "with", "within", "without", "would", "you",
    "your", "yours", "а", "без", "более", "бы", "был", "была", "были", "было", "быть", "в", "вам", "вас", "весь",
    "во", "вот", "все", "всего", "всех", "вы", "где", "да", "даже", "для", "до", "его", "ее", "ей", "ему", "если",
    "есть", "еще", "же", "за", "здесь", "и", "из", "или", "им", "имени", "их", "к", "как", "какая", "какие", "каким",
    "каких", "каков", "какова", "какое", "какой", "какую", "ко", "когда", "кого", "кто", "куда", "ли", "либо",
    "между", "меня", "мне", "может", "можно", "мой", "мы", "на", "над", "надо", "наш", "не", "него", "нее", "нет",
    "ни", "них", "но", "ну", "о", "об", "однако", "он", "она", "они", "оно", "от", "очень", "по", "под", "после",
    "почему", "при", "про", "с", "сам", "сколько", "со", "собой", "состоит", "та", "так", "также", "такие", "такое",
    "такой", "там", "те", "тем", "то", "того", "тоже", "той", "только", "том", "тот", "ту", "ты", "у", "уже", "чего",
    "чей", "чем", "что", "чтобы", "чье", "чья", "эта", "эти", "это", "этого", "этой", "этом", "этот", "эту", "я",
    "является", "являются",
];

/// Chinese question words, pronouns and conjunctions.
static BIGRAMS: [&str; 72] = [
    "一个", "一些", "一种", "不是", "为什", "为何", "么时", "之一", "之前", "之后", "之间", "也是", "什么", "他们", "以及", "但是", "何地", "何时", "你们",
    "关于", "其中", "几个", "几年", "可以", "哪一", "哪个", "哪些", "哪儿", "哪年", "哪种", "哪里", "因为", "因此", "多久", "多少", "她们", "如何", "如果",
    "它们", "对于", "就是", "并且", "怎么", "怎样", "我们", "或者", "所以", "按照", "是什", "是否", "是哪", "是多", "是谁", "有什", "有关", "有哪", "有多",
    "根据", "由于", "的是", "而且", "能否", "谁的", "还是", "这个", "这些", "这种", "进行", "通过", "那个", "那些", "都是",
];

/// Chinese particles, pronouns, prepositions and conjunctions of one character.
static CHARACTERS: &str = "与且个为么之也了于些什从以但何其则到即及吗吧呢和哪啊在对将就并怎或所把是有由的着等而若被谁这那都";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_sorted_and_folded() {
        for list in [&WORDS[..], &BIGRAMS[..]] {
            assert!(list.is_sorted_by(|a, b| a < b));
        }
        assert!(WORDS.iter().all(|word| !word.contains(['ё', 'Ё']) && *word == word.to_lowercase()));
        assert!(BIGRAMS.iter().all(|bigram| bigram.chars().count() == 2));
    }

    #[test]
    fn grammar_and_meaning() {
        assert!(is_stop_word("the") && is_stop_word("является") && !is_stop_word("war") && !is_stop_word("мир"));
        assert!(is_stop_bigram("什么") && is_stop_bigram("的是") && !is_stop_bigram("停火") && !is_stop_bigram("和平"));
    }
}

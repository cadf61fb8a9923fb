//! The embedding of a text without a model: which of its words and pairs of letters fall into which
//! of a few drawers. Texts that share words lie near each other, also in Chinese; it knows no meaning.

/// Numbers of a vector, where no recorded one says otherwise.
pub const EMBEDDING_SIZE: usize = 64;

/// A vector of `size` numbers and of length 1, the same for the same text everywhere.
pub fn embedding(text: &str, size: usize) -> Vec<f64> {
    let mut vector = vec![0.0; size.max(1)];
    let text = text.to_lowercase();
    for word in text.split(|sign: char| !sign.is_alphanumeric()) {
        let signs: Vec<char> = word.chars().collect();
        if signs.iter().all(char::is_ascii) {
            // A word weighs more than what it is made of: «cat» and «category» are no friends.
            drop_into(&mut vector, word, 2.0);
        }
        for sign in signs.iter().filter(|sign| !sign.is_ascii()) {
            drop_into(&mut vector, sign.encode_utf8(&mut [0; 4]), 1.0);
        }
        for pair in signs.windows(2) {
            let pair: String = pair.iter().collect();
            drop_into(&mut vector, &pair, 1.0);
        }
    }
    let length = vector.iter().map(|part| part * part).sum::<f64>().sqrt();
    if length == 0.0 {
        // A text without letters has a direction too: cosines divide by the length.
        vector[0] = 1.0;
        return vector;
    }
    // Six digits, so that the same numbers are read back from a file.
    let rounded = |part: f64| (part / length * 1e6).round() / 1e6;
    vector.into_iter().map(rounded).collect()
}

/// The sign of a feature comes from its hash too, so that features that share a drawer cancel out as
/// often as they add up.
fn drop_into(vector: &mut [f64], feature: &str, weight: f64) {
    if feature.is_empty() {
        return;
    }
    let hash = fnv(feature);
    let drawer = (hash >> 1) as usize % vector.len();
    vector[drawer] += if hash & 1 == 0 { weight } else { -weight };
}

/// FNV-1a with a last stir: the low bits choose the drawer and must not follow the last letter.
fn fnv(text: &str) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for byte in text.bytes() {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    hash ^= hash >> 33;
    hash = hash.wrapping_mul(0xff51_afd7_ed55_8ccd);
    hash ^ (hash >> 29)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn likeness(one: &str, other: &str) -> f64 {
        let vectors = (embedding(one, 64), embedding(other, 64));
        vectors.0.iter().zip(&vectors.1).map(|(a, b)| a * b).sum()
    }

    #[test]
    fn a_text_is_like_itself_and_more_like_its_kin_than_like_strangers() {
        assert!((likeness("the cat sat", "the cat sat") - 1.0).abs() < 1e-4);
        let check = |text, kin, stranger| {
            let (near, far) = (likeness(text, kin), likeness(text, stranger));
            assert!(near > far + 0.2, "{text}: {kin} {near}, {stranger} {far}");
        };
        check(
            "the capital of France",
            "France has a capital: Paris",
            "dogs like long walks",
        );
        check("北京的天气", "今天北京天气怎么样", "如何训练一只小狗");
    }

    #[test]
    fn every_text_has_a_direction() {
        for text in ["", "!?", "\u{0}", "🦀", "a", "中"] {
            let length: f64 = embedding(text, 64).iter().map(|part| part * part).sum();
            assert!((length - 1.0).abs() < 1e-4, "{text:?}");
        }
        assert_eq!(embedding("x", 3).len(), 3);
    }
}

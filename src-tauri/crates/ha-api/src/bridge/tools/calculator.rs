//! The calculator: arithmetic in a text, worked out without running anything.

/// Bytes of an expression, and how deep its brackets go.
const MAX_LENGTH: usize = 1_000;
const MAX_DEPTH: u32 = 50;

/// What an expression comes to.
///
/// # Errors
/// What is wrong, in English, with the place.
pub(super) fn calculate(expression: &str) -> Result<f64, String> {
    if expression.len() > MAX_LENGTH {
        return Err(format!("longer than {MAX_LENGTH} characters"));
    }
    let mut reader = Reader {
        rest: expression,
        depth: 0,
    };
    let value = reader.sum()?;
    reader.skip();
    match reader.rest.is_empty() {
        true if value.is_finite() => Ok(value),
        true => Err("the result is not a number".into()),
        false => Err(format!("{:?} is not expected here", reader.rest)),
    }
}

struct Reader<'a> {
    rest: &'a str,
    depth: u32,
}

impl Reader<'_> {
    fn skip(&mut self) {
        self.rest = self.rest.trim_start();
    }

    fn take(&mut self, sign: &str) -> bool {
        self.skip();
        match self.rest.strip_prefix(sign) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn sum(&mut self) -> Result<f64, String> {
        let mut value = self.product()?;
        loop {
            if self.take("+") {
                value += self.product()?;
            } else if self.take("-") {
                value -= self.product()?;
            } else {
                return Ok(value);
            }
        }
    }

    fn product(&mut self) -> Result<f64, String> {
        let mut value = self.signed()?;
        loop {
            self.skip();
            // `**` is a power and no product.
            if !self.rest.starts_with("**") && (self.take("*") || self.take("×")) {
                value *= self.signed()?;
            } else if self.take("//") {
                value = (value / self.divisor()?).floor();
            } else if self.take("/") || self.take("÷") {
                value /= self.divisor()?;
            } else if self.take("%") {
                // As Python has it: the sign is the divisor's.
                let divisor = self.divisor()?;
                value -= divisor * (value / divisor).floor();
            } else {
                return Ok(value);
            }
        }
    }

    fn divisor(&mut self) -> Result<f64, String> {
        match self.signed()? {
            0.0 => Err("division by zero".into()),
            divisor => Ok(divisor),
        }
    }

    fn signed(&mut self) -> Result<f64, String> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err("too many brackets or signs".into());
        }
        let value = if self.take("-") {
            -self.signed()?
        } else if self.take("+") {
            self.signed()?
        } else {
            let base = self.atom()?;
            match self.take("**") || self.take("^") {
                true => base.powf(self.signed()?),
                false => base,
            }
        };
        self.depth -= 1;
        Ok(value)
    }

    fn atom(&mut self) -> Result<f64, String> {
        if self.take("(") {
            let value = self.sum()?;
            return self.closed(value);
        }
        self.skip();
        let is_digit = |sign: char| sign.is_ascii_digit() || sign == '.' || sign == '_';
        let end = self.rest.find(|sign| !is_digit(sign));
        let (digits, rest) = self.rest.split_at(end.unwrap_or(self.rest.len()));
        if !digits.is_empty() {
            let number = digits.replace('_', "").parse();
            self.rest = rest;
            return number.map_err(|_| format!("{digits:?} is not a number"));
        }
        self.named()
    }

    fn closed(&mut self, value: f64) -> Result<f64, String> {
        match self.take(")") {
            true => Ok(value),
            false => Err("a bracket is not closed".into()),
        }
    }

    fn named(&mut self) -> Result<f64, String> {
        let end = self.rest.find(|sign: char| !sign.is_ascii_alphanumeric());
        let (name, rest) = self.rest.split_at(end.unwrap_or(self.rest.len()));
        self.rest = rest;
        match name {
            "" => return Err(format!("a number is missing before {:?}", self.rest)),
            "pi" => return Ok(std::f64::consts::PI),
            "e" => return Ok(std::f64::consts::E),
            _ => {}
        }
        if !self.take("(") {
            return Err(format!("{name:?} is not known"));
        }
        let mut values = vec![self.sum()?];
        while self.take(",") {
            values.push(self.sum()?);
        }
        let value = match (name, values.as_slice()) {
            ("sqrt", [x]) => x.sqrt(),
            ("abs", [x]) => x.abs(),
            ("round", [x]) => x.round_ties_even(),
            ("floor", [x]) => x.floor(),
            ("ceil", [x]) => x.ceil(),
            ("sin", [x]) => x.sin(),
            ("cos", [x]) => x.cos(),
            ("tan", [x]) => x.tan(),
            ("exp", [x]) => x.exp(),
            ("log" | "ln", [x]) => x.ln(),
            ("log10", [x]) => x.log10(),
            ("pow", [x, y]) => x.powf(*y),
            ("min", all) => all.iter().copied().fold(f64::INFINITY, f64::min),
            ("max", all) => all.iter().copied().fold(f64::NEG_INFINITY, f64::max),
            ("sum", all) => all.iter().sum(),
            _ => return Err(format!("{name:?} is not known with these arguments")),
        };
        self.closed(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(expression: &str, expected: f64) {
        let value = calculate(expression);
        assert_eq!(value, Ok(expected), "{expression}");
    }

    #[test]
    fn arithmetic_is_pythons() {
        check("1 + 2 * 3", 7.0);
        check("(1+2)*3", 9.0);
        check("2 ** 3 ** 2", 512.0);
        check("-2 ** 2", -4.0);
        check("7 // 2 + 7 % 4", 6.0);
        check("-7 % 3", 2.0);
        check("1_000.5 × 2 ÷ 4", 500.25);
        check("max(1, sqrt(16), 2) + round(2.5)", 6.0);
    }

    #[test]
    fn everything_else_is_refused_with_a_reason() {
        for wrong in [
            "",
            "1 +",
            "1 1",
            "(1",
            "1/0",
            "1 % 0",
            "9 ** 9 ** 9",
            "sqrt(-1)",
            "open('x')",
            "__import__('os')",
            "a",
            "1.2.3",
            &"(".repeat(900),
            &"-".repeat(900),
            &"1+".repeat(900),
        ] {
            assert!(calculate(wrong).is_err(), "{wrong}");
        }
    }
}

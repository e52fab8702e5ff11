namespace OrderClosr.Sandbox.Claude.Seller;

/// <summary>The seller's sentences: darja in Arabic letters, Arabizi, French, Arabic. Short and friendly, as shops write.</summary>
internal static class Lines
{
    public static readonly Line Hello = new("وعليكم السلام، مرحبا بيك في {0} 🌸 واش تحب؟", "Wa 3likom salam, mar7ba bik f {0} 🌸 wach t7eb?", "Bonjour et bienvenue chez {0} 🌸 Que puis-je faire pour vous ?", "أهلا وسهلا بك في {0} 🌸 كيف يمكنني مساعدتك؟")
    {
        Again = new("راني هنا 🌸 قولي واش راك تحوس؟", "Rani hna 🌸 goli wach t7awes?", "Je vous écoute 🌸 Que cherchez-vous ?", "أنا هنا 🌸 عمّ تبحث؟"),
    };
    public static readonly Line Thanks = new("بلا مزية، مرحبا بيك في أي وقت 🌸", "Bla mziya, mar7ba bik f ay wa9t 🌸", "Avec plaisir, à bientôt 🌸", "على الرحب والسعة، نحن في خدمتك 🌸")
    {
        Again = new("مرحبا 🌸", "Mar7ba 🌸", "Merci à vous 🌸", "أهلا وسهلا 🌸"),
    };
    public static readonly Line Price = new("{0}: {1}.", "{0} : {1}.", "{0} : {1}.", "سعر {0}: {1}.")
    {
        Again = new("كيما قتلك، {0}: {1}.", "Kima goltlek, {0} : {1}.", "Toujours {1} pour {0}.", "نعم، سعر {0} هو {1}."),
    };
    public static readonly Line WhichOne = new("عندنا: {0}. واش من وحدة تحب؟", "3andna : {0}. Wach men wa7da t7eb?", "Nous avons : {0}. Lequel vous intéresse ?", "لدينا: {0}. أي منتج تريد؟")
    {
        Again = new("قولي اسم السلعة لي عجباتك، مثلا: {0}.", "Goli smiyet sel3a li 3ajbatek, matalan : {0}.", "Dites-moi simplement le nom de l'article, par exemple : {0}.", "اكتب اسم المنتج فقط، مثلا: {0}."),
    };
    public static readonly Line Available = new("إيه كاين {0}: {1}.", "Ih kayen {0} : {1}.", "Oui, {0} est disponible : {1}.", "نعم، {0} متوفر: {1}.")
    {
        Again = new("إيه، {0} راهي كاين: {1}.", "Wah, {0} rah kayen : {1}.", "Oui, {0} est bien disponible : {1}.", "نعم، {0} متوفر الآن: {1}."),
    };
    public static readonly Line AvailableSimply = new("إيه كاين {0}.", "Ih kayen {0}.", "Oui, {0} est disponible.", "نعم، {0} متوفر.");
    public static readonly Line NotThisOption = new("للأسف {0} ماكانش في {1}.", "Dommage, {0} makach f {1}.", "Désolé, {0} n'est pas disponible en {1}.", "عذرا، {0} غير متوفر في {1}.")
    {
        Again = new("والله {0} ما بقاتش في {1}.", "Wellah {0} ma b9atch f {1}.", "Vraiment désolé, {0} n'est plus disponible en {1}.", "نأسف، {0} غير متوفر في {1}."),
    };
    public static readonly Line StillThere = new("اللي كاين: {0}.", "Li kayen : {0}.", "Il reste : {0}.", "المتوفر حاليا: {0}.")
    {
        Again = new("نقدر نبعثلك: {0}. واش تختار؟", "N9der nb3atlek : {0}. Wach tekhtar?", "Je peux vous proposer : {0}. Lequel choisissez-vous ?", "يمكنني أن أقترح: {0}. أيها تختار؟"),
    };
    public static readonly Line Out = new("للأسف {0} خلصت ضرك.", "Dommage, {0} khlas drok.", "Désolé, {0} est en rupture pour le moment.", "عذرا، {0} غير متوفر حاليا.")
    {
        Again = new("والله {0} ما بقاتش.", "Wellah {0} ma b9atch.", "Vraiment désolé, {0} n'est plus en stock.", "نأسف، نفد {0}."),
    };
    public static readonly Line NotSold = new("سمحلي، هادي ما نبيعوهاش.", "Sme7li, hadi ma nbi3ouhach.", "Désolé, nous ne vendons pas cet article.", "عذرا، هذا المنتج غير موجود عندنا.");
    public static readonly Line ChooseVariant = new("واش من وحدة تحب في {0}: {1}؟", "Wach men wa7da t7eb f {0} : {1}?", "Laquelle voulez-vous pour {0} : {1} ?", "أي خيار تريد من {0}: {1}؟")
    {
        Again = new("باش نسجل {0} قولي برك واش تختار: {1}.", "Bach nsajel {0} goli berk wach tekhtar : {1}.", "Pour {0}, répondez juste avec votre choix : {1}.", "لتسجيل {0} اكتب اختيارك: {1}."),
    };
    public static readonly Line ChooseForPrice = new("قولي واش من وحدة تحب في {0}: {1}؟ ونشوفلك السومة.", "Goli wach men wa7da t7eb f {0} : {1}? W nchouflek souma.", "Laquelle voulez-vous pour {0} : {1} ? Je regarde ce que je peux faire pour le prix.", "أي خيار تريد من {0}: {1}؟ وسأرى ما يمكن في السعر.");
    public static readonly Line Noted = new("مليح 👍 {0}.", "Mli7 👍 {0}.", "D'accord 👍 {0}.", "حسنا 👍 {0}.");
    public static readonly Line Remark = new("مليح، نوصل الملاحظة تاعك للمحل.", "Mli7, nwessel la remarque ta3ek l la boutique.", "D'accord, j'ajoute votre remarque à la commande.", "حسنا، أضيف ملاحظتك إلى الطلب.");
    public static readonly Line WantIt = new("نسجلهالك؟", "Nsajelhalek?", "Je vous la réserve ?", "هل أسجل لك الطلب؟")
    {
        Again = new("إذا تحبها، عطيني الاسم، الهاتف، الولاية والبلدية ونكملو.", "Ida t7ebha, 3tini smek, numéro, wilaya w commune w nkemlou.", "Si elle vous plaît, donnez-moi votre nom, téléphone, wilaya et commune.", "إن أعجبك، أعطني الاسم والهاتف والولاية والبلدية."),
    };
    public static readonly Line HowToOrder = new("ساهلة: قولي واش تحب وعطيني الاسم، رقم الهاتف، الولاية والبلدية.", "Sahla : goli wach t7eb w 3tini smek, numéro, wilaya w commune.", "C'est simple : dites-moi l'article et donnez-moi votre nom, numéro, wilaya et commune.", "الأمر سهل: أخبرني بالمنتج وأعطني الاسم ورقم الهاتف والولاية والبلدية.");

    public static readonly Line FeeHome = new("للدار {0}", "l dar {0}", "à domicile {0}", "إلى المنزل {0}");
    public static readonly Line FeeDesk = new("للمكتب {0}", "l bureau {0}", "au bureau {0}", "إلى المكتب {0}");
    public static readonly Line Fee = new("التوصيل لـ {0}: {1}.", "Livraison l {0} : {1}.", "Livraison à {0} : {1}.", "التوصيل إلى {0}: {1}.");
    public static readonly Line Days = new("توصل في {0} أيام.", "Tewsel f {0} ayam.", "Délai : {0} jours.", "مدة التوصيل: {0} أيام.");
    public static readonly Line FreeFrom = new("باطل من {0} الفوق.", "Batel men {0} l fo9.", "Gratuite à partir de {0}.", "مجانا ابتداء من {0}.");
    public static readonly Line AskPlaceForFee = new("قولي الولاية والبلدية باش نعطيك سومة التوصيل والوقت.", "Goli wilaya w commune bach n3tik souma ta3 livraison w l wa9t.", "Dites-moi votre wilaya et votre commune et je vous donne le tarif et le délai de livraison.", "ما هي ولايتك وبلديتك لأعطيك سعر التوصيل ومدته؟")
    {
        Again = new("وين نوصلوهالك؟ مثلا: وهران، بئر الجير.", "Win nwesslouhalek? Matalan : Oran, Bir El Djir.", "Où faut-il livrer ? Par exemple : Oran, Bir El Djir.", "إلى أين التوصيل؟ مثلا: وهران، بئر الجير."),
    };
    public static readonly Line NotServed = new("سمحلي، ما نوصلوش لـ {0} ضرك.", "Sme7li, ma nwesslouch l {0} drok.", "Désolé, nous ne livrons pas encore à {0}.", "عذرا، لا نوصل إلى {0} حاليا.");
    public static readonly Line PlaceUnknown = new("ما عرفتش وين جاية {0}. قولي الولاية والبلدية من فضلك؟", "Ma 3raftch win jaya {0}. Goli wilaya w commune svp?", "Je n'ai pas trouvé {0}. Quelle wilaya et quelle commune, svp ?", "لم أجد {0}. ما هي الولاية والبلدية من فضلك؟")
    {
        Again = new("ما لقيتش {0}. اكتب الولاية ومن بعد البلدية، مثلا: وهران، بئر الجير.", "Ma l9itch {0}. Ekteb wilaya w men ba3d commune, matalan : Oran, Bir El Djir.", "Toujours pas trouvé {0}. Écrivez la wilaya puis la commune, par exemple : Oran, Bir El Djir.", "لم أجد {0}. اكتب الولاية ثم البلدية، مثلا: وهران، بئر الجير."),
    };
    public static readonly Line PlaceWhich = new("واش من وحدة: {0}؟", "Wach men wa7da : {0}?", "De laquelle s'agit-il : {0} ?", "أي واحدة تقصد: {0}؟")
    {
        Again = new("اكتب الولاية برك باش نعرف: {0}.", "Ekteb ghir wilaya bach na3ref : {0}.", "Écrivez juste la wilaya : {0}.", "اكتب الولاية فقط: {0}."),
    };

    public static readonly Line AskMissing = new("باش نكمل الطلب نحتاج: {0}.", "Bach nkemmel la commande ne7taj : {0}.", "Pour finir la commande, il me faut : {0}.", "لإكمال الطلب أحتاج: {0}.")
    {
        Again = new("مازال يخصني: {0}. تقدر تبعثهم في ميساج واحد 🌸", "Mazal ykhesni : {0}. Te9der tb3athhom f message wa7ed 🌸", "Il manque encore : {0}. Vous pouvez tout envoyer en un message 🌸", "ما زال ينقص: {0}. يمكنك إرسالها في رسالة واحدة 🌸"),
    };
    public static readonly Line PhoneBad = new("الرقم ماشي كامل، عاود عطيهولي من فضلك (10 أرقام).", "Numéro machi kamel, 3awed 3tihouli svp (10 ar9am).", "Le numéro n'est pas complet, pouvez-vous me le redonner (10 chiffres) ?", "الرقم غير صحيح، أعد كتابته من فضلك (10 أرقام).")
    {
        Again = new("الرقم مازال ناقص، لازم 10 أرقام يبدا بـ 05 ولا 06 ولا 07.", "Numéro mazal na9es, lazem 10 ar9am, yebda b 05, 06 wla 07.", "Il manque un chiffre : le numéro a 10 chiffres et commence par 05, 06 ou 07.", "الرقم ناقص: عشرة أرقام تبدأ بـ 05 أو 06 أو 07."),
    };
    public static readonly Line Recap = new("نعاودو: {0}.", "N3awdou : {0}.", "Je récapitule : {0}.", "ملخص الطلب: {0}.")
    {
        Again = new("الطلب تاعك: {0}.", "La commande ta3ek : {0}.", "Votre commande : {0}.", "طلبك: {0}."),
    };
    public static readonly Line RecapItem = new("{0} × {1} بـ {2}", "{0} × {1} b {2}", "{0} × {1} à {2}", "{0} × {1} بسعر {2}");
    public static readonly Line RecapHome = new("التوصيل للدار في {0}: {1}", "Livraison l dar f {0} : {1}", "Livraison à domicile à {0} : {1}", "التوصيل إلى المنزل في {0}: {1}");
    public static readonly Line RecapDesk = new("التوصيل للمكتب في {0}: {1}", "Livraison l bureau f {0} : {1}", "Livraison au bureau à {0} : {1}", "التوصيل إلى المكتب في {0}: {1}");
    public static readonly Line RecapWho = new("الاسم: {0}، الهاتف: {1}", "Smiya : {0}, numéro : {1}", "Nom : {0}, téléphone : {1}", "الاسم: {0}، الهاتف: {1}");
    public static readonly Line RecapPhone = new("الهاتف: {0}", "Numéro : {0}", "Téléphone : {0}", "الهاتف: {0}");
    public static readonly Line RecapAddress = new("العنوان: {0}", "Adresse : {0}", "Adresse : {0}", "العنوان: {0}");
    public static readonly Line Discount = new("تخفيض: {0}", "Remise : {0}", "Remise : {0}", "تخفيض: {0}");
    public static readonly Line Total = new("المجموع: {0}. نأكد الطلب؟", "Total : {0}. Nakked la commande?", "Total : {0}. Je confirme la commande ?", "المجموع: {0}. هل أؤكد الطلب؟")
    {
        Again = new("المجموع: {0}. إذا كلش مليح اكتب «نعم».", "Total : {0}. Ida kolchi mli7 ekteb « ih ».", "Total : {0}. Si tout est bon, répondez « oui ».", "المجموع: {0}. إن كان كل شيء صحيحا اكتب «نعم»."),
    };
    public static readonly Line Confirmed = new("تم ✅ الطلب رقم {0} تأكد، المجموع {1} تخلصو كي توصلك.", "Safi ✅ commande {0} mekda, total {1} tkhallas ki tewslek.", "C'est fait ✅ commande {0} confirmée, {1} à payer à la livraison.", "تم ✅ تأكيد طلبك رقم {0}، المجموع {1} عند الاستلام.");
    public static readonly Line ToConfirm = new("تم ✅ الطلب رقم {0} تسجل، المجموع {1}. المحل يأكدو معاك.", "Safi ✅ commande {0} msajla, total {1}. La boutique t2akedha m3ak.", "C'est noté ✅ commande {0} enregistrée, total {1}. La boutique la confirme avec vous.", "تم ✅ تسجيل طلبك رقم {0}، المجموع {1}. يؤكده المحل معك.");
    public static readonly Line WhatToChange = new("ماشي مشكل، واش نبدلو في الطلب؟", "Machi mochkil, wach nbedlou f la commande?", "Pas de souci, que souhaitez-vous changer ?", "لا مشكلة، ماذا تريد أن تغير في الطلب؟")
    {
        Again = new("قولي واش تحب تبدل: السلعة، المقاس، الكمية ولا العنوان؟", "Goli wach tbeddel : sel3a, taille, quantité wla adresse?", "Dites-moi : l'article, la taille, la quantité ou l'adresse ?", "ماذا تغير: المنتج أم المقاس أم الكمية أم العنوان؟"),
    };
    public static readonly Line NotConfirmed = new("ماشي مشكل، ما كملناش الطلب. كي تحب رانا هنا 🌸", "Machi mochkil, ma kemmelnach la commande. Ki t7eb rana hna 🌸", "Pas de souci, nous laissons la commande de côté. Nous restons à votre disposition 🌸", "لا مشكلة، لم نكمل الطلب. نحن في خدمتك متى شئت 🌸")
    {
        Again = new("كي تحب 🌸", "Ki t7eb 🌸", "Comme vous voulez 🌸", "كما تحب 🌸"),
    };
    public static readonly Line Cancelled = new("الطلب رقم {0} تلغى. مرحبا بيك مرة أخرى 🌸", "Commande {0} tlghat. Mar7ba bik merra okhra 🌸", "La commande {0} est annulée. Au plaisir 🌸", "تم إلغاء الطلب رقم {0}. أهلا بك مرة أخرى 🌸");
    public static readonly Line CannotChange = new("سمحلي، الطلب رقم {0} راح، ما نقدرش نبدلو.", "Sme7li, commande {0} ra7et, ma n9derch nbedelha.", "Désolé, la commande {0} est déjà partie, je ne peux plus la modifier.", "عذرا، الطلب رقم {0} قد أرسل ولا يمكن تعديله.");
    public static readonly Line NoOrder = new("ما لقيتش طلب باسمك هنا.", "Ma l9itch commande b smek hna.", "Je ne trouve pas de commande à votre nom ici.", "لم أجد أي طلب لك هنا.")
    {
        Again = new("ما عندي حتى طلب بيك، إذا عندك الرقم تاعو عطيهولي.", "Ma 3andi 7atta commande bik, ida 3andek numéro ta3ha 3tihouli.", "Toujours aucune commande à votre nom : avez-vous son numéro ?", "لا أجد طلبا لك، هل لديك رقمه؟"),
    };
    public static readonly Line OrderIs = new("الطلب رقم {0}: {1}.", "Commande {0} : {1}.", "Commande {0} : {1}.", "الطلب رقم {0}: {1}.");

    public static readonly Line PriceStays = new("سمحلي خويا، السومة ثابتة: {0}.", "Sme7li khoya, souma tabta : {0}.", "Désolé, le prix reste {0}.", "عذرا، السعر ثابت: {0}.")
    {
        Again = new("والله هادي آخر سومة: {0}.", "Wellah hadi akher souma : {0}.", "C'est vraiment notre meilleur prix : {0}.", "هذا أفضل سعر لدينا: {0}."),
    };
    public static readonly Line PriceStaysSimply = new("سمحلي، السومة ثابتة.", "Sme7li, souma tabta.", "Désolé, nos prix sont fixes.", "عذرا، أسعارنا ثابتة.")
    {
        Again = new("والله ما نقدرش ننقص.", "Wellah ma n9derch nna9es.", "Je ne peux vraiment pas baisser le prix.", "لا يمكنني تخفيض السعر."),
    };
    public static readonly Line Deal = new("على خاطرك، راني درتلك {0}.", "3la khatrek, rani dertlek {0}.", "D'accord, je vous le fais à {0}.", "حسنا، نمنحك السعر {0}.");
    public static readonly Line OnDelivery = new("تخلص كي توصلك السلعة.", "Tkhallas ki tewslek la commande.", "Le paiement se fait à la livraison.", "الدفع يكون عند الاستلام.");
    public static readonly Line NoInfo = new("هادي ما عنديش عليها معلومة أكيدة. إذا تحب تهدر مع واحد من المحل، قولي.", "Hadi ma 3andich 3liha ma3louma akida. Ida t7eb tahdar m3a wa7ed men la boutique, goli.", "Je n'ai pas d'information sûre là-dessus. Dites-moi si vous préférez parler à la boutique.", "ليست لدي معلومة مؤكدة حول هذا. أخبرني إن أردت التحدث مع شخص من المحل.")
    {
        Again = new("مازال ما عنديش معلومة أكيدة على هادي. قولي إذا تحب تهدر مع واحد من المحل.", "Mazal ma 3andich ma3louma akida 3la hadi. Ida t7eb tahdar m3a wa7ed men la boutique, goli.", "Là-dessus je ne peux rien affirmer. Si vous préférez parler à la boutique, dites-le-moi.", "لا أملك معلومة مؤكدة. إن أردت التحدث مع المحل فأخبرني."),
    };
    public static readonly Line ShopSays = new("المحل يقول: {0}", "La boutique tgoul : {0}", "La boutique précise : {0}", "يقول المحل: {0}");
    public static readonly Line PhotosSent = new("هاهي تصاور {0} 📷", "Hahi tsawer ta3 {0} 📷", "Voici les photos : {0} 📷", "هذه صور {0} 📷");
    public static readonly Line NoPhotos = new("ما عنديش تصاور لـ {0} ضرك.", "Ma 3andich tsawer ta3 {0} drok.", "Je n'ai pas de photo de {0} pour le moment.", "لا توجد صور لـ {0} حاليا.");
    public static readonly Line CannotSee = new("ما نقدرش نعرف السلعة من التصويرة، قولي اسمها من فضلك.", "Ma n9derch na3ref sel3a men tswira, goli smiytha svp.", "Je ne peux pas reconnaître l'article sur la photo, dites-moi son nom svp.", "لا أستطيع معرفة المنتج من الصورة، ما اسمه من فضلك؟")
    {
        Again = new("قولي اسم السلعة لي في التصويرة، ما نقدرش نشوفها مليح.", "Goli smiyet sel3a li f tswira, ma n9derch nchoufha mli7.", "Écrivez-moi le nom de l'article de la photo svp.", "اكتب لي اسم المنتج الذي في الصورة."),
    };
    public static readonly Line Robot = new("أنا مساعد آلي تاع {0}. إذا تحب تهدر مع إنسان قولي.", "Ana assistant automatique ta3 {0}. Ida t7eb tahdar m3a bnadem goli.", "Je suis l'assistant automatique (IA) de {0}. Si vous préférez une personne, dites-le-moi.", "أنا مساعد آلي لدى {0}. إذا أردت التحدث مع شخص فأخبرني.")
    {
        Again = new("إيه، مساعد آلي تاع {0}. إذا تحب إنسان قولي.", "Wah, assistant automatique ta3 {0}. Ida t7eb bnadem goli.", "Oui, un assistant automatique (IA) de {0}. Si vous préférez une personne, dites-le-moi.", "نعم، مساعد آلي لدى {0}. إن أردت شخصا فأخبرني."),
    };
    public static readonly Line RescuePhone = new("صح، راهي راحت لليفرور النمرة الجديدة: {0}.", "Sa7, nemra jdida ra7et l livreur: {0}.", "C'est noté, le nouveau numéro est passé au livreur : {0}.", "حسنا، تم إبلاغ عامل التوصيل بالرقم الجديد: {0}.");
    public static readonly Line RescueDesk = new("صح، تديها من البيرو: {0}.", "Sa7, tediha men le bureau: {0}.", "C'est noté, vous la retirez au bureau : {0}.", "حسنا، تستلمها من المكتب: {0}.");
    public static readonly Line RescueToCourier = new("صح، راه عند الليفرور.", "Sa7, rah 3and le livreur.", "C'est noté, c'est passé au livreur.", "حسنا، تم إبلاغ عامل التوصيل.");
    public static readonly Line RescueByShop = new("صح، المحل يقولها لليفرور.", "Sa7, la boutique t9oulha l livreur.", "C'est noté, la boutique le dit au livreur.", "حسنا، سيبلغ المتجر عامل التوصيل بذلك.");
    public static readonly Line RescueComing = new("مليح، راهي تستنى فيك في البيرو.", "Mli7, rahi testenna fik f le bureau.", "Très bien, elle vous attend au bureau.", "حسنا، هي في انتظارك في المكتب.");
    public static readonly Line RescueRefused = new("فهمتك، نقولها للمحل.", "Fhemtek, n9oulha l la boutique.", "Je comprends, je le dis à la boutique.", "فهمت، سأبلغ المتجر بذلك.");
    public static readonly Line RescueDay = new("هاد النهار ما يصلحش، عطيني نهار آخر من فضلك؟", "Had nhar ma yesla7ch, 3tini nhar akhor svp?", "Ce jour ne va pas, pouvez-vous en donner un autre ?", "هذا اليوم غير ممكن، هل يمكنك اختيار يوم آخر؟");
    public static readonly Line HandedOver = new("مدّيت كلامك لواحد من المحل، راح يجاوبك هنا.", "Meddit klamek l wa7ed men la boutique, ra7 yjawbek hna.", "J'ai transmis votre conversation à une personne de la boutique, elle vous répondra ici.", "حولت محادثتك إلى شخص من المحل وسيجيبك هنا.");
    public static readonly Line Sorry = new("سمحلنا بزاف على هاد المشكل.", "Sam7ina bezaf 3la had l mochkil.", "Nous sommes vraiment désolés pour ce problème.", "نعتذر كثيرا عن هذه المشكلة.");
    public static readonly Line HowToMend = new("ابعتلنا تصويرة تاع السلعة ورقم الطلب، ونلقاو الحل.", "Ba3tlna tswira ta3 sel3a w numéro ta3 commande, w nel9aw l7al.", "Envoyez-nous une photo de l'article et le numéro de la commande, on trouve une solution.", "أرسل لنا صورة المنتج ورقم الطلب وسنجد الحل.");
    public static readonly Line ForMany = new("إيه نبيعو بالكمية. قولنا واش من سلعة وشحال من حبة، ونعطيوك السومة.", "Wah nbi3ou b la quantité. Goulna wach men sel3a w ch7al men pièce, w n3tiwek souma.", "Oui, nous vendons en quantité. Dites-nous quel article et combien de pièces, et nous vous faisons une offre.", "نعم، نبيع بالكمية. أخبرنا بالمنتج وعدد القطع ونعطيك السعر.");
    public static readonly Line Declined = new("سمحلي، أنا هنا غير على سلعة {0} والتوصيل.", "Sme7li, ana hna ghir 3la sel3a ta3 {0} w livraison.", "Désolé, je m'occupe seulement des articles et commandes de {0}.", "عذرا، أنا هنا فقط لمنتجات {0} وطلباتها.")
    {
        Again = new("نقدر نعاونك غير في سلعة {0} 🌸", "N9der n3awnek ghir f sel3a ta3 {0} 🌸", "Je peux vous aider seulement pour {0} 🌸", "يمكنني مساعدتك في منتجات {0} فقط 🌸"),
    };
    public static readonly Line NoDeal = new("سمحلي، نقدر نعطيك غير السومة اللي كاينة عندنا.", "Sme7li, n9der n3tik ghir souma li kayna 3andna.", "Désolé, je ne peux appliquer que les prix de la boutique.", "عذرا، لا يمكنني تطبيق إلا أسعار المحل.")
    {
        Again = new("السومة لي كاينة هي هي.", "Souma li kayna hiya hiya.", "Les prix restent ceux de la boutique.", "الأسعار هي أسعار المحل."),
    };
    public static readonly Line NotUnderstood = new("سمحلي ما فهمتش مليح. واش تحب: السومة، التوصيل ولا تكوموندي؟", "Sme7li ma fhemtch mli7. Wach t7eb : souma, livraison wla tcommandi?", "Désolé, je n'ai pas bien compris. C'est pour un prix, la livraison ou une commande ?", "عذرا، لم أفهم جيدا. هل تسأل عن السعر أم التوصيل أم تريد أن تطلب؟")
    {
        Again = new("عاودلي من فضلك بكلمة: السلعة لي تحبها ولا ولايتك. إذا تحب إنسان قولي.", "3awedli svp b kelma : sel3a li t7ebha wla wilaya ta3ek. Ida t7eb bnadem goli.", "Pouvez-vous me le dire autrement : l'article voulu, ou votre wilaya ? Si vous préférez une personne, dites-le-moi.", "هلا قلتها بطريقة أخرى: المنتج أو ولايتك؟ إن أردت شخصا فأخبرني."),
    };
    public static readonly Line TakeYourTime = new("خذ راحتك، رانا هنا 🌸", "Khod ra7tek, rana hna 🌸", "Prenez votre temps, nous sommes là 🌸", "خذ وقتك، نحن هنا 🌸")
    {
        Again = new("كي تقرر ابعثلي برك 🌸", "Ki t9arrer b3atli berk 🌸", "Écrivez-moi quand vous voulez 🌸", "راسلني متى قررت 🌸"),
    };
    public static readonly Line CannotNow = new("سمحلي، ما قدرتش نسجلها ضرك.", "Sme7li, ma 9dertch nsajelha drok.", "Désolé, je n'ai pas pu l'enregistrer.", "عذرا، لم أتمكن من تسجيلها.");

    public static readonly Line MayOpen = new("إيه، تقدر تحل الكولي وتشوف قبل ما تخلص.", "Ih, te9der t7el le colis w tchouf 9bel ma tkhalles.", "Oui, vous pouvez ouvrir le colis avant de payer.", "نعم، يمكنك فتح الطرد قبل الدفع.")
    {
        Again = new("إيه خويا، تحل وتشوف ومن بعد تخلص.", "Wah, t7el w tchouf w men ba3d tkhalles.", "Oui oui, vous regardez d'abord et vous payez ensuite.", "نعم، تتحقق أولا ثم تدفع."),
    };
    public static readonly Line MayExchange = new("إيه، التبديل كاين في {0} أيام.", "Ih, échange kayen f {0} ayam.", "Oui, l'échange est possible sous {0} jours.", "نعم، التبديل ممكن خلال {0} أيام.");

    /// <summary>The question when only one thing is missing, with a way to answer.</summary>
    public static readonly IReadOnlyDictionary<string, Line> Ask = new Dictionary<string, Line>
    {
        ["name"] = new("مليح 👍 باسم من نسجلها؟", "Mli7 👍 b smiyet men nsajelha?", "Très bien 👍 À quel nom, svp ?", "جيد 👍 باسم من الطلب؟") { Again = new("بقا برك الاسم واللقب تاعك.", "B9a ghir l ism w la9ab ta3ek.", "Il ne manque que votre nom et prénom.", "بقي الاسم واللقب فقط.") },
        ["phone"] = new("عطيني رقم الهاتف من فضلك (10 أرقام).", "3tini numéro ta3 tilifoun svp (10 ar9am).", "Quel est votre numéro de téléphone (10 chiffres) ?", "ما رقم هاتفك (10 أرقام)؟") { Again = new("بقا برك رقم الهاتف، باش يعيطلك الليفرور.", "B9a ghir numéro ta3 tilifoun, bach livreur yal9ak.", "Il ne manque que votre numéro, pour le livreur.", "بقي رقم الهاتف فقط من أجل عامل التوصيل.") },
        ["place"] = new("وين نوصلوهالك؟ قولي الولاية والبلدية.", "Win nwesslouhalek? Goli wilaya w commune.", "Où faut-il livrer ? Votre wilaya et votre commune, svp.", "إلى أين نوصلها؟ الولاية والبلدية من فضلك.") { Again = new("بقات برك الولاية والبلدية، مثلا: وهران، بئر الجير.", "B9at ghir wilaya w commune, matalan : Oran, Bir El Djir.", "Il ne manque que la wilaya et la commune, par exemple : Oran, Bir El Djir.", "بقيت الولاية والبلدية فقط، مثلا: وهران، بئر الجير.") },
        ["wilaya"] = new("من أي ولاية؟ (الاسم ولا الرقم)", "Men ay wilaya? (smiya wla numéro)", "Dans quelle wilaya ? (nom ou numéro)", "في أي ولاية؟ (الاسم أو الرقم)") { Again = new("بقات برك الولاية، مثلا: وهران ولا 31.", "B9at ghir wilaya, matalan : Oran wla 31.", "Il ne manque que la wilaya, par exemple : Oran ou 31.", "بقيت الولاية فقط، مثلا: وهران أو 31.") },
        ["commune"] = new("واش من بلدية في {0}؟", "Wach men commune f {0}?", "Quelle commune à {0} ?", "أي بلدية في {0}؟") { Again = new("بقات برك البلدية في {0}: اكتب اسمها ولا أقرب وحدة ليك.", "B9at ghir commune f {0} : ekteb smiyetha wla l a9reb lik.", "Il ne manque que la commune à {0} : son nom, ou la plus proche de chez vous.", "بقيت البلدية في {0} فقط: اسمها أو الأقرب إليك.") },
        ["address"] = new("وين بالضبط؟ (الحي ولا الشارع)", "Win bdabt? (cité wla rue)", "L'adresse exacte, svp ? (cité ou rue)", "العنوان بالتفصيل من فضلك؟ (الحي أو الشارع)") { Again = new("بقا برك العنوان: الحي ولا الشارع.", "B9at ghir adresse : cité wla rue.", "Il ne manque que l'adresse : cité ou rue.", "بقي العنوان فقط: الحي أو الشارع.") },
        ["delivery"] = new("للدار ولا للمكتب؟", "L dar wla l bureau?", "À domicile ou au bureau ?", "إلى المنزل أم إلى المكتب؟") { Again = new("قولي برك: للدار ولا للمكتب.", "Goli berk : l dar wla l bureau.", "Dites-moi juste : domicile ou bureau.", "قل فقط: المنزل أو المكتب.") },
        ["desk"] = new("من أي مكتب تحب تديها؟", "Men ay bureau t7eb teddiha?", "Dans quel bureau souhaitez-vous la retirer ?", "من أي مكتب تريد استلامها؟") { Again = new("قولي اسم المكتب ولا البلدية القريبة ليك.", "Goli smiyet l bureau wla commune 9riba lik.", "Donnez-moi le nom du bureau ou la commune la plus proche.", "اكتب اسم المكتب أو أقرب بلدية.") },
    };

    /// <summary>Names of what an order still lacks.</summary>
    public static readonly IReadOnlyDictionary<string, Line> Fields = new Dictionary<string, Line>
    {
        ["items"] = new("السلعة", "sel3a li t7ebha", "l'article", "المنتج"),
        ["product"] = new("السلعة", "sel3a li t7ebha", "l'article", "المنتج"),
        ["variant"] = new("المقاس واللون", "taille w couleur", "la taille et la couleur", "المقاس واللون"),
        ["quantity"] = new("شحال من حبة", "ch7al men 7abba", "la quantité", "الكمية"),
        ["name"] = new("اسمك", "smek", "votre nom", "اسمك"),
        ["phone"] = new("رقم الهاتف", "numéro ta3 tilifoun", "votre numéro de téléphone", "رقم هاتفك"),
        ["wilaya"] = new("الولاية", "wilaya", "votre wilaya", "الولاية"),
        ["commune"] = new("البلدية", "commune", "votre commune", "البلدية"),
        ["delivery"] = new("للدار ولا للمكتب", "l dar wla l bureau", "livraison à domicile ou au bureau", "التوصيل إلى المنزل أم إلى المكتب"),
        ["address"] = new("العنوان بالضبط", "l adresse exacte", "votre adresse exacte", "عنوانك بالتفصيل"),
        ["desk"] = new("المكتب لي يساعدك", "l bureau li ysa3dek", "le bureau de retrait", "مكتب الاستلام"),
    };

    /// <summary>States of orders and parcels in words; an unknown one is left out.</summary>
    public static readonly IReadOnlyDictionary<string, Line> States = new Dictionary<string, Line>
    {
        ["to_confirm"] = new("يستنى التأكيد", "yestenna confirmation", "en attente de confirmation", "في انتظار التأكيد"),
        ["contacting"] = new("يستنى التأكيد", "yestenna confirmation", "en attente de confirmation", "في انتظار التأكيد"),
        ["postponed"] = new("مأجل", "m2ajjel", "reportée", "مؤجل"),
        ["confirmed"] = new("مأكد، قريب يخرج", "mekda, 9rib tokhrej", "confirmée, bientôt expédiée", "مؤكد وسيرسل قريبا"),
        ["shipped"] = new("راهو في الطريق", "rahi f tri9", "en route", "في الطريق"),
        ["in_transit"] = new("راهو في الطريق", "rahi f tri9", "en route", "في الطريق"),
        ["out_for_delivery"] = new("راهو مع الليفرور", "rahi m3a livreur", "en cours de livraison", "مع عامل التوصيل"),
        ["at_hub"] = new("راهو في المكتب", "rahi f l bureau", "arrivée au bureau", "في المكتب"),
        ["delivered"] = new("وصل", "weslet", "livrée", "تم التسليم"),
        ["cancelled"] = new("ملغى", "mlghiya", "annulée", "ملغى"),
        ["returned"] = new("رجع", "rej3et", "retournée", "مرتجع"),
    };
}
